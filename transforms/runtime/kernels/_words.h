/* Words in context: what `score_words` does. */

/* e to the power of values within LARGEST, to the last digits of a float. */
TARGET static inline VECTOR NAME(power)(VECTOR value)
{
    /* Adding this rounds to a whole number, which then stands in the lowest bits. */
    const float whole = 12582912;
    const VECTOR moved = value * 1.44269504f + whole, times = moved - whole;
    const VECTOR rest = value - times * 0.693359375f + times * 2.12194440e-4f;
    VECTOR sum = rest * 1.9875691500e-4f + 1.3981999507e-3f;
    sum = sum * rest + 8.3334519073e-3f;
    sum = sum * rest + 4.1665795894e-2f;
    sum = sum * rest + 1.6666665459e-1f;
    sum = sum * rest + 5.0000001201e-1f;
    sum = sum * rest * rest + rest + 1;
    return sum * (VECTOR)(((WHOLES)moved + 127) << 23);
}

TARGET static inline void NAME(rectify)(float *values, Py_ssize_t count)
{
    for (Py_ssize_t k = 0; k < count; k += LANES) AT(values + k) = MAXIMUM(READ(values + k), (VECTOR){});
}

/* The first convolution: each word with its two neighbours through a rectifier; 0 where the word is a gap, as the first
   and the last are. Before the rows is room for one, behind them for two more, which become 0. */
TARGET static void NAME(read_words)(const struct network *net, const int64_t *ids, Py_ssize_t count, float *rows)
{
    const Py_ssize_t width = net->width, size = net->known * width;
    memset(rows - width, 0, 4 * 2 * width);
    memset(rows + (count - 1) * width, 0, 4 * 3 * width);
    for (Py_ssize_t at = 1; at < count - 1; at++) {
        const float *before = net->tables + ids[at - 1] * width, *here = net->tables + size + ids[at] * width;
        const float *behind = net->tables + 2 * size + ids[at + 1] * width;
        for (Py_ssize_t k = 0; k < width; k += LANES) {
            VECTOR sum = READ(before + k) + READ(here + k) + READ(behind + k) + READ(net->first_bias + k);
            AT(rows + at * width + k) = ids[at] == net->gap ? (VECTOR){} : MAXIMUM(sum, (VECTOR){});
        }
    }
}

/* The second: likewise of the first's rows, to which it is added, two rows at a time by four products in the place of
   six. `states` has room for an even number of rows. */
TARGET static void NAME(read_rows)(
    const struct network *net, const int64_t *ids, Py_ssize_t count, const float *rows, const struct scratch *scratch,
    float *states)
{
    const Py_ssize_t width = net->width, step = (PAIRS + MOST_ROWS) * width, size = PAIRS * width;
    for (Py_ssize_t start = 0; start < count; start += 2 * PAIRS) {
        const Py_ssize_t left = (count - start + 1) / 2, pairs = left < PAIRS ? left : PAIRS;
        for (Py_ssize_t pair = 0; pair < pairs; pair++) {
            const float *row = rows + (start + 2 * pair) * width;
            float *inputs = scratch->inputs + pair * width;
            for (Py_ssize_t k = 0; k < width; k += LANES) {
                VECTOR before = READ(row - width + k), here = READ(row + k);
                VECTOR next = READ(row + width + k), after = READ(row + 2 * width + k);
                AT(inputs + k) = before - next;
                AT(inputs + step + k) = here + next;
                AT(inputs + 2 * step + k) = next - here;
                AT(inputs + 3 * step + k) = after - here;
            }
        }
        for (int filter = 0; filter < 4; filter++)
            NAME(multiply)(net->filters + filter, scratch->inputs + filter * step, pairs,
                           scratch->products + filter * size);
        for (Py_ssize_t at = 0; at < 2 * pairs && start + at < count; at++)
            for (Py_ssize_t k = 0; k < width; k += LANES) {
                const float *product = scratch->products + at / 2 * width + k;
                const Py_ssize_t place = (start + at) * width + k;
                VECTOR one = READ(product + size), other = READ(product + 2 * size);
                VECTOR even = one + other + READ(product), odd = one - other + READ(product + 3 * size);
                VECTOR sum = MAXIMUM(at % 2 ? odd : even, (VECTOR){}) + READ(rows + place);
                AT(states + place) = ids[start + at] == net->gap ? (VECTOR){} : sum;
            }
    }
}

/* The mean of some columns of rows, weighed; `start`: the weight of a row of zeros beside them. */
TARGET static ALWAYS void NAME(weigh_columns)(
    const int parts, const float *rows, Py_ssize_t step, Py_ssize_t count, const float *weights, float start,
    float *target)
{
    VECTOR sums[4] = {}, all = (VECTOR){} + start;
    for (Py_ssize_t row = 0; row < count; row++) {
        VECTOR weight = weights[row] - (VECTOR){};
        all += weight;
        UNROLL for (int part = 0; part < parts; part++) sums[part] += weight * READ(rows + row * step + part * LANES);
    }
    UNROLL for (int part = 0; part < parts; part++) AT(target + part * LANES) = sums[part] / all;
}

/* The weighed mean of rows, by each head: weights are powers of a row's product with the head. `weights` has room for
   one a row and head, and a vector more. */
TARGET static void NAME(pool)(const struct heads *heads, const float *rows, Py_ssize_t count, float start,
                              float *weights, float *target)
{
    const Py_ssize_t width = heads->width;
    for (Py_ssize_t row = 0; row < count; row++)
        for (Py_ssize_t head = 0; head < heads->count; head++) {
            VECTOR sum = {};
            for (Py_ssize_t k = 0; k < width; k += LANES)
                sum += READ(rows + row * width + k) * READ(heads->weigh + head * width + k);
            const float product = TOTAL(sum);
            weights[head * count + row] = product > LARGEST ? LARGEST : product < -LARGEST ? -LARGEST : product;
        }
    for (Py_ssize_t at = 0; at < heads->count * count; at += LANES)
        AT(weights + at) = NAME(power)(READ(weights + at));
    for (Py_ssize_t head = 0; head < heads->count; head++, weights += count, target += width) {
        Py_ssize_t k = 0;
        for (; k + 4 * LANES <= width; k += 4 * LANES)
            NAME(weigh_columns)(4, rows + k, width, count, weights, start, target + k);
        for (; k < width; k += LANES)
            NAME(weigh_columns)(1, rows + k, width, count, weights, start, target + k);
    }
}

/* Around a place the rows of its sentence within reach, moved by what is asked and by their distance, rectified. */
TARGET static void NAME(pool_window)(
    const struct network *net, const float *values, const float *asked, Py_ssize_t place, Py_ssize_t first,
    Py_ssize_t last, struct scratch *scratch, float *target)
{
    const Py_ssize_t width = net->heads.width, reach = net->reach;
    const Py_ssize_t low = first > place - reach ? first : place - reach;
    const Py_ssize_t high = last < place + reach + 1 ? last : place + reach + 1;
    for (Py_ssize_t row = low; row < high; row++)
        for (Py_ssize_t k = 0; k < width; k += LANES) {
            VECTOR sum = READ(values + row * width + k) + READ(asked + k)
                + READ(net->distance + (row - place + reach) * width + k);
            AT(scratch->seen + (row - low) * width + k) = MAXIMUM(sum, (VECTOR){});
        }
    NAME(pool)(&net->heads, scratch->seen, high - low, 0, scratch->weights, target);
}

/* Rows by a matrix of three columns, which lie behind one another, plus bias. */
TARGET static void NAME(classify)(
    const float *rows, Py_ssize_t count, Py_ssize_t width, const float *columns, const float *bias, float *target)
{
    for (Py_ssize_t at = 0; at < 3 * count; at++) {
        const float *row = rows + at / 3 * width, *column = columns + at % 3 * width;
        VECTOR sum = {};
        for (Py_ssize_t k = 0; k < width; k += LANES) sum += READ(row + k) * READ(column + k);
        target[at] = TOTAL(sum) + bias[at % 3];
    }
}

/* The classes of some names of a part of the article, whose sentences and words are counted from `sentence` and
   `start`. */
TARGET static void NAME(score_names)(
    const struct network *net, const struct reading *in, Py_ssize_t name, Py_ssize_t count, Py_ssize_t sentence,
    Py_ssize_t start, struct scratch *scratch, float *target)
{
    const Py_ssize_t width = net->width, pooled = net->heads.count * net->heads.width;
    const Py_ssize_t moods = net->mood.columns, joined = pooled + width + moods;
    for (Py_ssize_t at = 0; at < count; at++)
        memcpy(scratch->here + at * width, scratch->states + (in->names[name + at] - start) * width, 4 * width);
    NAME(multiply)(&net->query, scratch->here, count, scratch->asked);
    for (Py_ssize_t at = 0; at < count; at++) {
        const Py_ssize_t owner = in->owners[name + at];
        float *row = scratch->joined + at * joined;
        NAME(pool_window)(net, scratch->values, scratch->asked + at * net->heads.width, in->names[name + at] - start,
                          in->gaps[owner] + 1 - start, in->gaps[owner + 1] - start, scratch, row);
        memcpy(row + pooled, scratch->here + at * width, 4 * width);
        memcpy(row + pooled + width, scratch->moods + (owner - sentence) * moods, 4 * moods);
    }
    NAME(multiply)(&net->join, scratch->joined, count, scratch->decided);
    NAME(rectify)(scratch->decided, count * net->join.columns);
    NAME(classify)(scratch->decided, count, net->join.columns, net->out, net->out_bias, target);
}

/* The classes of all names and sentences, as many whole sentences at a time as stay in the cache, one at least. */
TARGET static void NAME(score_words)(
    const struct network *net, const struct reading *in, struct scratch *scratch, float *names, float *sentences)
{
    const Py_ssize_t moods = net->mood.columns;
    for (Py_ssize_t sentence = 0, next, name = 0, last; sentence < in->sentences; sentence = next, name = last) {
        const Py_ssize_t start = in->gaps[sentence];
        for (next = sentence + 1; next < in->sentences && in->gaps[next + 1] - start < WORDS; next++);
        for (last = name; last < in->mentions && in->owners[last] < next; last++);
        const Py_ssize_t count = in->gaps[next] + 1 - start;
        NAME(read_words)(net, in->ids + start, count, scratch->first + net->width);
        NAME(read_rows)(net, in->ids + start, count, scratch->first + net->width, scratch, scratch->states);
        for (Py_ssize_t at = sentence; at < next; at++)
            NAME(pool)(&net->mood_heads, scratch->states + (in->gaps[at] + 1 - start) * net->width,
                       in->gaps[at + 1] - in->gaps[at] - 1, TINY, scratch->weights,
                       scratch->pooled + (at - sentence) * net->mood.length);
        NAME(multiply)(&net->mood, scratch->pooled, next - sentence, scratch->moods);
        NAME(rectify)(scratch->moods, (next - sentence) * moods);
        NAME(classify)(scratch->moods, next - sentence, moods, net->mood_out, net->mood_out_bias,
                       sentences + 3 * sentence);
        if (last > name) NAME(multiply)(&net->value, scratch->states, count, scratch->values);
        for (; name < last; name += NAMES) {
            const Py_ssize_t some = last - name < NAMES ? last - name : NAMES;
            NAME(score_names)(net, in, name, some, sentence, start, scratch, names + 3 * name);
        }
    }
}
