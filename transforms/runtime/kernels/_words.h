/* Words in context: what `read_words`, `multiply`, `pool_spans` and `pool_windows` do. */

/* target = rows by packed columns, plus bias. Behind the rows, ROWS more can be read. */
TARGET static void NAME(multiply)(const struct product *in, const float *rows, Py_ssize_t count, float *target)
{
    const float *packed = in->packed;
    for (Py_ssize_t column = 0; column < in->columns; column += 3 * LANES, packed += 3 * LANES * in->length)
        for (Py_ssize_t row = 0; row < count; row += ROWS) {
            VECTOR sums[ROWS][3] = {};
            NAME(add_products)(rows + row * in->step, in->step, in->length, packed, sums);
            for (Py_ssize_t at = 0; at < ROWS && row + at < count; at++)
                for (Py_ssize_t part = 0; part < 3 && column + part * LANES < in->columns; part++) {
                    const Py_ssize_t place = column + part * LANES;
                    AT(target + (row + at) * in->columns + place) = sums[at][part] + READ(in->bias + place);
                }
        }
}

/* Each word with its two neighbours through two convolutions and rectifiers; 0 where the word is a gap.
   `first` has room for a row before and ROWS + 1 behind, which are 0. */
TARGET static void NAME(read_words)(const struct words *in, float *first, float *states)
{
    const Py_ssize_t width = in->width, size = in->known * width;
    const VECTOR zero = {};
    for (Py_ssize_t at = 0; at < in->count; at++) {
        const float *before = in->tables + in->ids[at ? at - 1 : 0] * width;
        const float *here = in->tables + size + in->ids[at] * width;
        const float *behind = in->tables + 2 * size + in->ids[at + 1 < in->count ? at + 1 : at] * width;
        for (Py_ssize_t k = 0; k < width; k += LANES) {
            VECTOR sum = READ(here + k) + READ(in->bias + k);
            if (at) sum += READ(before + k);
            if (at + 1 < in->count) sum += READ(behind + k);
            AT(first + at * width + k) = in->ids[at] == in->gap ? zero : MAXIMUM(sum, zero);
        }
    }
    /* Rows lie behind one another, so a word and its neighbours are one row. */
    NAME(multiply)(&in->second, first - width, in->count, states);
    for (Py_ssize_t at = 0; at < in->count; at++)
        for (Py_ssize_t k = at * width; k < (at + 1) * width; k += LANES) {
            VECTOR sum = MAXIMUM(AT(states + k), zero) + READ(first + k);
            AT(states + k) = in->ids[at] == in->gap ? zero : sum;
        }
}

/* The weighed mean of rows, by each head: weights are powers of a row's product with the head. `start`: the weight of
   a row of zeros beside them. */
TARGET static inline void NAME(pool)(const struct heads *heads, const float *rows, Py_ssize_t count, float start,
                                     float *powers, float *target)
{
    const Py_ssize_t width = heads->width;
    for (Py_ssize_t head = 0; head < heads->count; head++) {
        const float *weigh = heads->weigh + head * width;
        float all = start;
        for (Py_ssize_t row = 0; row < count; row++) {
            VECTOR sum = {};
            for (Py_ssize_t k = 0; k < width; k += LANES) sum += READ(rows + row * width + k) * READ(weigh + k);
            const float product = TOTAL(sum);
            powers[row] = expf(product > LARGEST ? LARGEST : product < -LARGEST ? -LARGEST : product);
            all += powers[row];
        }
        for (Py_ssize_t k = 0; k < width; k += LANES) {
            VECTOR sum = {};
            for (Py_ssize_t row = 0; row < count; row++) sum += powers[row] * READ(rows + row * width + k);
            AT(target + head * width + k) = sum / all;
        }
    }
}

TARGET static void NAME(pool_spans)(const struct heads *heads, const struct spans *in, float start, float *powers,
                                    float *target)
{
    for (Py_ssize_t at = 0; at < in->count; at++, target += heads->count * heads->width)
        NAME(pool)(heads, in->rows + in->first[at] * heads->width, in->last[at] - in->first[at], start, powers, target);
}

/* Around each place the rows of its span within reach, moved by what is asked and by their distance, rectified. */
TARGET static void NAME(pool_windows)(const struct heads *heads, const struct windows *in, float *seen, float *powers,
                                      float *target)
{
    const Py_ssize_t width = heads->width;
    const VECTOR zero = {};
    for (Py_ssize_t at = 0; at < in->count; at++, target += heads->count * width) {
        const Py_ssize_t place = in->places[at];
        const Py_ssize_t low = in->first[at] > place - in->reach ? in->first[at] : place - in->reach;
        const Py_ssize_t high = in->last[at] < place + in->reach + 1 ? in->last[at] : place + in->reach + 1;
        for (Py_ssize_t row = low; row < high; row++)
            for (Py_ssize_t k = 0; k < width; k += LANES) {
                VECTOR sum = READ(in->rows + row * width + k) + READ(in->asked + at * width + k)
                    + READ(in->distance + (row - place + in->reach) * width + k);
                AT(seen + (row - low) * width + k) = MAXIMUM(sum, zero);
            }
        NAME(pool)(heads, seen, high - low, 0, powers, target);
    }
}
