/* From Python's arrays to the network of words in context, and what it needs while it works. */

struct sizes {
    Py_ssize_t width, attended, heads, mood_heads, moods, joined, reach;
};

/* The next array of some floats; each begins a line of the cache. */
static const float *take(const float **next, Py_ssize_t count)
{
    const float *taken = *next;
    *next += (count + 15) / 16 * 16;
    return taken;
}

static struct product take_product(int lanes, const float **next, Py_ssize_t length, Py_ssize_t columns)
{
    const float *matrix = take(next, length * packed(lanes, columns));
    return (struct product){length, columns, parts_of(lanes, columns), matrix, take(next, columns)};
}

/* Lays a network of these sizes over its weights. Returns how many floats it takes. */
static Py_ssize_t lay_out(struct network *net, int lanes, const struct sizes *is, const float *weights)
{
    const float *next = weights;
    const Py_ssize_t width = is->width, mooded = is->mood_heads * width, pooled = is->heads * is->attended;
    net->width = width;
    net->reach = is->reach;
    net->first_bias = take(&next, width);
    for (int filter = 0; filter < 4; filter++) net->filters[filter] = take_product(lanes, &next, width, width);
    net->value = take_product(lanes, &next, width, is->attended);
    net->query = take_product(lanes, &next, width, is->attended);
    net->distance = take(&next, (2 * is->reach + 1) * is->attended);
    net->heads = (struct heads){is->heads, is->attended, take(&next, pooled)};
    net->mood_heads = (struct heads){is->mood_heads, width, take(&next, mooded)};
    net->mood = take_product(lanes, &next, mooded, is->moods);
    net->mood_out = take(&next, 3 * is->moods);
    net->mood_out_bias = take(&next, 3);
    net->join = take_product(lanes, &next, pooled + width + is->moods, is->joined);
    net->out = take(&next, 3 * is->joined);
    net->out_bias = take(&next, 3);
    return next - weights;
}

/* Finds gaps and names of a row of words, as many as the reading has; 0 with an error set if there are others. Into
   `places`, which has room for them all. */
static int find_places(struct reading *in, Py_ssize_t count, int64_t gap, int64_t name, int64_t *places)
{
    int64_t *gaps = places, *names = gaps + in->sentences + 1, *owners = names + in->mentions;
    Py_ssize_t found = 0, named = 0;
    int good = in->sentences > 0 && in->ids[0] == gap && in->ids[count - 1] == gap;
    for (Py_ssize_t at = 0; good && at < count; at++)
        if (in->ids[at] == gap) {
            if ((good = found <= in->sentences)) gaps[found++] = at;
        } else if (in->ids[at] == name && (good = named < in->mentions)) {
            names[named] = at;
            owners[named++] = found - 1;
        }
    in->gaps = gaps;
    in->names = names;
    in->owners = owners;
    if (good && found == in->sentences + 1 && named == in->mentions) return 1;
    PyErr_SetString(PyExc_ValueError, "the row has other gaps or names");
    return 0;
}

/* Room for as many words at once as the longest part of an article has; NULL with an error set. */
static void *make_scratch(struct scratch *scratch, const struct network *net, const struct reading *in)
{
    Py_ssize_t words = WORDS;
    for (Py_ssize_t at = 0; at < in->sentences; at++)
        if (in->gaps[at + 1] - in->gaps[at] + 1 > words) words = in->gaps[at + 1] - in->gaps[at] + 1;
    const Py_ssize_t rows = words + MOST_ROWS + 2, names = NAMES + MOST_ROWS, seen = 2 * net->reach + 1;
    const struct { float **place; Py_ssize_t count; } parts[] = {
        {&scratch->first, rows * net->width},
        {&scratch->states, rows * net->width},
        {&scratch->inputs, 4 * (PAIRS + MOST_ROWS) * net->width},
        {&scratch->products, 4 * PAIRS * net->width},
        {&scratch->values, rows * net->value.columns},
        {&scratch->pooled, (WORDS + MOST_ROWS) * net->mood.length},
        {&scratch->moods, (WORDS + MOST_ROWS) * net->mood.columns},
        {&scratch->here, names * net->width},
        {&scratch->asked, names * net->query.columns},
        {&scratch->seen, seen * net->value.columns},
        {&scratch->weights, net->mood_heads.count * rows + net->heads.count * seen + 16},
        {&scratch->joined, names * net->join.length},
        {&scratch->decided, names * net->join.columns},
    };
    const int count = sizeof parts / sizeof *parts;
    Py_ssize_t all = 0;
    void *memory;
    for (int part = 0; part < count; part++) all += (parts[part].count + 15) / 16 * 16;
    const float *next = allocate(all, &memory);
    if (!next) return NULL;
    for (int part = 0; part < count; part++) *parts[part].place = (float *)take(&next, parts[part].count);
    return memory;
}

static PyObject *score_words(PyObject *self, PyObject *args)
{
    int lanes;
    struct sizes is;
    struct network net = {0};
    struct scratch scratch;
    long long name;
    Py_buffer in[5];
    if (!PyArg_ParseTuple(args, "i(nnnnnnn)LLy*y*y*w*w*", &lanes, &is.width, &is.attended, &is.heads, &is.mood_heads,
                          &is.moods, &is.joined, &is.reach, &net.gap, &name, in, in + 1, in + 2, in + 3, in + 4))
        return NULL;
    if (!can_run(lanes, is.width) || !can_run(lanes, is.attended) || !can_run(lanes, is.moods)
        || !can_run(lanes, is.joined) || !can_run(lanes, 16 * is.heads) || !can_run(lanes, 16 * is.mood_heads)
        || !can_run(lanes, 16 * (is.reach + 1)))
        return finish(in, 5, NULL);
    struct reading reading = {rows_of(in + 4, 3), rows_of(in + 3, 3), in[2].buf};
    const Py_ssize_t count = in[2].len / 8, mentions = reading.mentions, sentences = reading.sentences;
    void *memory = NULL, *places = NULL;
    net.tables = in[0].buf;
    net.known = rows_of(in, 3 * is.width);
    const int good = floats(in, 3 * net.known * is.width, "tables")
        && floats(in + 1, lay_out(&net, lanes, &is, in[1].buf), "weights") && ints(in + 2, count, "ids")
        && within(in + 2, net.known, "ids") && floats(in + 3, 3 * mentions, "stances")
        && floats(in + 4, 3 * sentences, "moods") && (places = allocate(2 * (sentences + 1 + 2 * mentions), &memory))
        && find_places(&reading, count, net.gap, name, places);
    void *room = good ? make_scratch(&scratch, &net, &reading) : NULL;
    if (room) {
        Py_BEGIN_ALLOW_THREADS
        CHOOSE(lanes, score_words)(&net, &reading, &scratch, in[3].buf, in[4].buf);
        Py_END_ALLOW_THREADS
    }
    free(room);
    free(memory);
    return finish(in, 5, room ? Py_None : NULL);
}
