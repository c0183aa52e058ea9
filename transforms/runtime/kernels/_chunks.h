/* Texts to numbers, by a table of what stands between white space: `make_table`, `learn` and `look_up`. */

struct chunk {
    uint64_t hash;
    Py_ssize_t length, count;
    /* As many as `count`; the text of the chunk is behind them. */
    int64_t numbers[];
};

/* Half of the places at least are empty; there are a power of two. */
struct table {
    Py_ssize_t places, used;
    struct chunk **chunks;
};

/* FNV-1a, with its upper half over the lower one. */
static uint64_t hash_of(const unsigned char *text, Py_ssize_t length)
{
    uint64_t value = 14695981039346656037u;
    for (Py_ssize_t at = 0; at < length; at++) value = (value ^ text[at]) * 1099511628211u;
    return value ^ value >> 32;
}

/* Where a chunk is, or would be. */
static struct chunk **find_chunk(const struct table *in, uint64_t hash, const unsigned char *text, Py_ssize_t length)
{
    for (Py_ssize_t place = hash & (in->places - 1);; place = (place + 1) & (in->places - 1)) {
        struct chunk *chunk = in->chunks[place];
        if (!chunk || (chunk->hash == hash && chunk->length == length
                       && !memcmp(chunk->numbers + chunk->count, text, length)))
            return in->chunks + place;
    }
}

/* How many bytes of white space, as Python's `str.split` has it, a text in UTF-8 goes on with. */
static int space_at(const unsigned char *text, const unsigned char *end)
{
    if (*text < 0x80) return (*text >= 9 && *text <= 13) || (*text >= 28 && *text <= 32);
    if (*text == 0xC2) return end - text >= 2 && (text[1] == 0x85 || text[1] == 0xA0) ? 2 : 0;
    if (*text < 0xE1 || *text > 0xE3 || end - text < 3) return 0;
    const int code = (*text & 15) << 12 | (text[1] & 63) << 6 | (text[2] & 63);
    return code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F
        || code == 0x205F || code == 0x3000 ? 3 : 0;
}

static const char *TABLE = "transforms.runtime.kernels.table";

static void free_table(PyObject *capsule)
{
    struct table *table = PyCapsule_GetPointer(capsule, TABLE);
    for (Py_ssize_t place = 0; place < table->places; place++) free(table->chunks[place]);
    free(table->chunks);
    free(table);
}

static PyObject *make_table(PyObject *self, PyObject *args)
{
    const Py_ssize_t places = 1 << 10;
    struct table *table = malloc(sizeof *table);
    struct chunk **chunks = calloc(places, sizeof *chunks);
    PyObject *capsule = table && chunks ? PyCapsule_New(table, TABLE, free_table) : PyErr_NoMemory();
    if (!capsule) {
        free(table);
        free(chunks);
        return NULL;
    }
    *table = (struct table){places, 0, chunks};
    return capsule;
}

static int grow(struct table *table)
{
    struct table grown = {2 * table->places, table->used, calloc(2 * table->places, sizeof *grown.chunks)};
    if (!grown.chunks) return 0;
    for (Py_ssize_t place = 0; place < table->places; place++) {
        struct chunk *chunk = table->chunks[place];
        if (chunk)
            *find_chunk(&grown, chunk->hash, (unsigned char *)(chunk->numbers + chunk->count), chunk->length) = chunk;
    }
    free(table->chunks);
    *table = grown;
    return 1;
}

static PyObject *learn(PyObject *self, PyObject *args)
{
    PyObject *capsule;
    Py_buffer in[2];
    if (!PyArg_ParseTuple(args, "Oy*y*", &capsule, in, in + 1)) return NULL;
    struct table *table = PyCapsule_GetPointer(capsule, TABLE);
    const Py_ssize_t length = in[0].len, count = in[1].len / 8;
    if (!table || !ints(in + 1, count, "numbers")) return finish(in, 2, NULL);
    struct chunk *chunk = malloc(sizeof *chunk + 8 * count + length);
    if (!chunk || (2 * table->used >= table->places && !grow(table))) {
        free(chunk);
        PyErr_NoMemory();
        return finish(in, 2, NULL);
    }
    *chunk = (struct chunk){hash_of(in[0].buf, length), length, count};
    memcpy(chunk->numbers, in[1].buf, 8 * count);
    memcpy(chunk->numbers + count, in[0].buf, length);
    struct chunk **place = find_chunk(table, chunk->hash, in[0].buf, length);
    table->used += !*place;
    free(*place);
    *place = chunk;
    return finish(in, 2, Py_None);
}

static PyObject *look_up(PyObject *self, PyObject *args)
{
    PyObject *capsule;
    Py_ssize_t start, count;
    Py_buffer in[2];
    if (!PyArg_ParseTuple(args, "Oy*nw*n", &capsule, in, &start, in + 1, &count)) return NULL;
    const struct table *table = PyCapsule_GetPointer(capsule, TABLE);
    const unsigned char *text = in[0].buf, *last = text + in[0].len, *next;
    const Py_ssize_t room = in[1].len / 8;
    int64_t *target = in[1].buf;
    if (!table) return finish(in, 2, NULL);
    if (start < 0 || start > in[0].len || count < 0 || count > room) {
        PyErr_SetString(PyExc_IndexError, "the text or its numbers end before");
        return finish(in, 2, NULL);
    }
    for (text += start; text < last; text = next) {
        int space;
        while (text < last && (space = space_at(text, last))) text += space;
        for (next = text; next < last && !space_at(next, last); next++);
        if (next == text) break;
        const struct chunk *chunk = *find_chunk(table, hash_of(text, next - text), text, next - text);
        if (!chunk || chunk->count > room - count) break;
        memcpy(target + count, chunk->numbers, 8 * chunk->count);
        count += chunk->count;
    }
    const Py_ssize_t begin = text - (unsigned char *)in[0].buf;
    PyObject *found = Py_BuildValue("(nnn)", begin, text < last ? next - (unsigned char *)in[0].buf : begin, count);
    for (int at = 0; at < 2; at++) PyBuffer_Release(in + at);
    return found;
}
