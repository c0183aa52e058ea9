/* Loops over arrays that take NumPy several passes: __init__.py says what each does.

   Only x86-64 processors with AVX2 or AVX-512, and compilers that know GNU's vectors: elsewhere `LANES` is empty, and
   NumPy does the work. Which instructions run is decided while the module is imported, so that one build is good for
   all machines. Sums are formed row by row in one order, so a row's result never depends on what stands beside it. */

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if defined(__GNUC__) && defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* thinc's layer norm adds this to the variance. */
#define EPSILON 1e-8f
/* What weights are kept within before they become powers. */
#define LARGEST 30.0f
/* Pairs of rows that a layer works on at once: what they need stays in the second-level cache. */
#define BLOCK 32
/* Words and names of an article that go through its network at once, likewise. */
#define WORDS 256
#define NAMES 64
/* Pairs of words in its second convolution, likewise. */
#define PAIRS 32
/* The weight of a row of zeros beside a sentence's words: there may be none. */
#define TINY 1e-20f
/* Rows and columns of a product that are added up at once, and how many vectors the sums take. */
#define MOST_ROWS 8
#define MOST_PARTS 5
#define MOST_SUMS 25
#define ALWAYS inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 32")

struct layer {
    Py_ssize_t width;
    const float *filters, *bias, *gain;
};

struct neighbours {
    Py_ssize_t width, count;
    const float *left, *middle, *right, *vectors, *gain;
    const int64_t *which, *rows;
};

struct product {
    Py_ssize_t length, columns;
    int parts;
    const float *packed, *bias;
};

struct heads {
    Py_ssize_t count, width;
    const float *weigh;
};

struct network {
    Py_ssize_t width, known, reach;
    int64_t gap;
    const float *tables, *first_bias, *distance, *mood_out, *mood_out_bias, *out, *out_bias;
    /* The second convolution's filters, by Winograd's F(2, 3). */
    struct product filters[4];
    struct product value, query, mood, join;
    struct heads heads, mood_heads;
};

struct reading {
    Py_ssize_t sentences, mentions;
    /* The gaps before, between and behind the sentences; the place of each name, and its sentence. */
    const int64_t *ids, *gaps, *names, *owners;
};

struct scratch {
    float *first, *states, *inputs, *products, *values, *pooled, *moods, *here, *asked, *seen, *weights, *joined, *decided;
};

struct states {
    struct product lower, upper;
    const float *encoded, *allowed;
    const int64_t *rows, *kinds;
};

#define LANES 16
#define ROWS MOST_ROWS
#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,fma")))
#define MAXIMUM(a, b) ((VECTOR)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define TOTAL(a) _mm512_reduce_add_ps((__m512)(a))
#define HIGHEST(a) _mm512_reduce_max_ps((__m512)(a))
#include "_loops.h"

__attribute__((target("avx2"))) static inline float highest_avx2(__m256 values)
{
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
}

#define LANES 8
#define ROWS 4
#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define MAXIMUM(a, b) ((VECTOR)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define HIGHEST(a) highest_avx2((__m256)(a))
#define TOTAL(a) ((a)[0] + (a)[1] + (a)[2] + (a)[3] + (a)[4] + (a)[5] + (a)[6] + (a)[7])
#include "_loops.h"

#define CHOOSE(lanes, name) ((lanes) == 16 ? name##_avx512 : name##_avx2)

static int has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma"); }

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static int can_run(int lanes, Py_ssize_t width)
{
    const int there = (lanes == 16 && has_avx512()) || (lanes == 8 && has_avx2());
    if (there && width > 0 && width < 1 << 20 && width % 16 == 0) return 1;
    PyErr_Format(PyExc_ValueError, "no loops for %d lanes and a width of %zd", lanes, width);
    return 0;
}

/* Whether an argument holds so many values of four bytes (floats) or eight (int64); sets an error if not. */
static int holds(const Py_buffer *buffer, Py_ssize_t count, Py_ssize_t size, const char *name)
{
    if (buffer->len == count * size) return 1;
    PyErr_Format(PyExc_ValueError, "%s holds %zd bytes, not %zd", name, buffer->len, count * size);
    return 0;
}

static int floats(const Py_buffer *buffer, Py_ssize_t count, const char *name) { return holds(buffer, count, 4, name); }

static int ints(const Py_buffer *buffer, Py_ssize_t count, const char *name) { return holds(buffer, count, 8, name); }

/* How many rows of floats an argument may hold. */
static Py_ssize_t rows_of(const Py_buffer *buffer, Py_ssize_t width) { return buffer->len / 4 / width; }

static int within(const Py_buffer *buffer, int64_t limit, const char *name)
{
    const int64_t *values = buffer->buf;
    for (Py_ssize_t at = 0; at < buffer->len / 8; at++)
        if (values[at] < 0 || values[at] >= limit) {
            PyErr_Format(PyExc_IndexError, "%s holds %lld, beyond %lld", name, (long long)values[at], (long long)limit);
            return 0;
        }
    return 1;
}

static PyObject *finish(Py_buffer *arguments, int count, PyObject *result)
{
    for (int at = 0; at < count; at++) PyBuffer_Release(arguments + at);
    return Py_XNewRef(result);
}

/* Memory for floats, and the first place in it that begins a line of the cache; NULL with an error set. */
static float *allocate(Py_ssize_t count, void **memory)
{
    *memory = malloc(4 * count + 64);
    if (!*memory) {
        PyErr_NoMemory();
        return NULL;
    }
    return (float *)(((uintptr_t)*memory + 63) & ~(uintptr_t)63);
}

static PyObject *convolve(PyObject *self, PyObject *args)
{
    int lanes;
    Py_ssize_t width;
    Py_buffer in[5];
    if (!PyArg_ParseTuple(args, "iny*w*y*y*y*", &lanes, &width, in, in + 1, in + 2, in + 3, in + 4)) return NULL;
    if (!can_run(lanes, width)) return finish(in, 5, NULL);
    const Py_ssize_t pairs = (rows_of(in, 2 * width) - 2) / BLOCK * BLOCK;
    void *memory;
    float *scratch;
    if (!floats(in, 2 * (pairs + 2) * width, "source") || !floats(in + 1, 2 * (pairs + 2) * width, "target")
        || !floats(in + 2, 12 * width * width, "filters") || !floats(in + 3, 3 * width, "bias")
        || !floats(in + 4, width, "gain") || !(scratch = allocate(6 * BLOCK * width + 2 * BLOCK * 3 * 16, &memory)))
        return finish(in, 5, NULL);
    const struct layer layer = {width, in[2].buf, in[3].buf, in[4].buf};
    const float *even = (const float *)in[0].buf + width, *odd = even + (pairs + 2) * width;
    float *even_target = (float *)in[1].buf + width, *odd_target = even_target + (pairs + 2) * width;
    Py_BEGIN_ALLOW_THREADS
    CHOOSE(lanes, convolve)(&layer, even, odd, pairs, even_target, odd_target, scratch);
    Py_END_ALLOW_THREADS
    free(memory);
    return finish(in, 5, Py_None);
}

static PyObject *add_neighbours(PyObject *self, PyObject *args)
{
    int lanes;
    Py_ssize_t width;
    Py_buffer in[6];
    if (!PyArg_ParseTuple(args, "iny*y*y*y*y*w*", &lanes, &width, in, in + 1, in + 2, in + 3, in + 4, in + 5))
        return NULL;
    if (!can_run(lanes, width)) return finish(in, 6, NULL);
    const Py_ssize_t words = rows_of(in, 9 * width), count = in[1].len / 8, known = rows_of(in + 2, width);
    void *memory;
    float *scratch;
    if (!floats(in, 9 * words * width, "products") || !ints(in + 1, count, "which") || !ints(in + 3, count, "rows")
        || !floats(in + 2, known * width, "vectors") || !floats(in + 4, width, "gain")
        || !floats(in + 5, 2 * (count / 2 + 2) * width, "target") || !within(in + 1, words, "which")
        || !within(in + 3, known, "rows") || !(scratch = allocate(width, &memory)))
        return finish(in, 6, NULL);
    const float *left = in[0].buf;
    const struct neighbours rows = {width, count, left, left + 3 * words * width, left + 6 * words * width,
                                    in[2].buf, in[4].buf, in[1].buf, in[3].buf};
    float *even = (float *)in[5].buf + width, *odd = even + (count / 2 + 2) * width;
    Py_BEGIN_ALLOW_THREADS
    CHOOSE(lanes, add_neighbours)(&rows, even, odd, scratch);
    Py_END_ALLOW_THREADS
    free(memory);
    return finish(in, 6, Py_None);
}

/* How many vectors of columns of a matrix are multiplied at once: as `columns_at_once` has it. */
static int parts_of(int lanes, Py_ssize_t columns)
{
    const Py_ssize_t vectors = (columns + lanes - 1) / lanes;
    int best = 3;
    for (int parts = 4; lanes == 16 && parts <= MOST_PARTS; parts++)
        if ((vectors + parts - 1) / parts * parts < (vectors + best - 1) / best * best) best = parts;
    return best;
}

/* As many columns as a matrix has after it was packed: whole panels. */
static Py_ssize_t packed(int lanes, Py_ssize_t columns)
{
    const Py_ssize_t panel = parts_of(lanes, columns) * lanes;
    return (columns + panel - 1) / panel * panel;
}

static PyObject *multiply(PyObject *self, PyObject *args)
{
    int lanes;
    Py_ssize_t length, columns;
    Py_buffer in[4];
    if (!PyArg_ParseTuple(args, "inny*y*y*w*", &lanes, &length, &columns, in, in + 1, in + 2, in + 3)) return NULL;
    if (!can_run(lanes, columns) || !can_run(lanes, length)) return finish(in, 4, NULL);
    const Py_ssize_t count = rows_of(in, length), whole = count / MOST_ROWS * MOST_ROWS;
    void *memory;
    float *scratch;
    if (!floats(in, count * length, "rows") || !floats(in + 1, length * packed(lanes, columns), "packed")
        || !floats(in + 2, columns, "bias") || !floats(in + 3, count * columns, "target")
        || !(scratch = allocate(MOST_ROWS * length, &memory)))
        return finish(in, 4, NULL);
    const struct product product = {length, columns, parts_of(lanes, columns), in[1].buf, in[2].buf};
    const float *rows = in[0].buf;
    float *target = in[3].buf;
    Py_BEGIN_ALLOW_THREADS
    memset(scratch, 0, 4 * MOST_ROWS * length);
    memcpy(scratch, rows + whole * length, 4 * (count - whole) * length);
    CHOOSE(lanes, multiply)(&product, rows, whole, target);
    CHOOSE(lanes, multiply)(&product, scratch, count - whole, target + whole * columns);
    Py_END_ALLOW_THREADS
    free(memory);
    return finish(in, 4, Py_None);
}

#include "_network.h"
#include "_chunks.h"

static PyObject *decide(PyObject *self, PyObject *args)
{
    int lanes;
    Py_ssize_t width, hidden, pieces, actions;
    Py_buffer in[10];
    if (!PyArg_ParseTuple(args, "innnny*y*y*y*y*y*y*y*w*w*", &lanes, &width, &hidden, &pieces, &actions, in, in + 1,
                          in + 2, in + 3, in + 4, in + 5, in + 6, in + 7, in + 8, in + 9))
        return NULL;
    if (!can_run(lanes, width) || !can_run(lanes, hidden) || !can_run(lanes, actions)
        || !can_run(lanes, pieces < 1 << 10 ? pieces * hidden : 0))
        return finish(in, 10, NULL);
    const Py_ssize_t known = rows_of(in, width), count = in[1].len / 8, states = pieces * hidden;
    void *memory;
    float *scratch;
    if (!floats(in, known * width, "encoded") || !ints(in + 1, count, "rows") || !within(in + 1, known, "rows")
        || !ints(in + 2, count, "kinds") || !within(in + 2, rows_of(in + 7, actions), "kinds")
        || !floats(in + 3, width * packed(lanes, states), "lower") || !floats(in + 4, states, "lower bias")
        || !floats(in + 5, hidden * packed(lanes, actions), "upper") || !floats(in + 6, actions, "upper bias")
        || !floats(in + 7, rows_of(in + 7, actions) * actions, "allowed") || !ints(in + 8, count, "best")
        || !floats(in + 9, count, "gap")
        || !(scratch = allocate(MOST_ROWS * (width + states + hidden + actions), &memory)))
        return finish(in, 10, NULL);
    const struct states with = {{width, states, parts_of(lanes, states), in[3].buf, in[4].buf},
                                {hidden, actions, parts_of(lanes, actions), in[5].buf, in[6].buf},
                                in[0].buf, in[7].buf, in[1].buf, in[2].buf};
    Py_BEGIN_ALLOW_THREADS
    memset(scratch, 0, 4 * MOST_ROWS * (width + states + hidden));
    CHOOSE(lanes, decide)(&with, count, scratch, in[8].buf, in[9].buf);
    Py_END_ALLOW_THREADS
    free(memory);
    return finish(in, 10, Py_None);
}

static PyObject *lanes_here(void)
{
    if (has_avx512()) return Py_BuildValue("(ii)", 16, 8);
    return has_avx2() ? Py_BuildValue("(i)", 8) : PyTuple_New(0);
}

static PyMethodDef methods[] = {
    {"convolve", convolve, METH_VARARGS, NULL},
    {"add_neighbours", add_neighbours, METH_VARARGS, NULL},
    {"multiply", multiply, METH_VARARGS, NULL},
    {"score_words", score_words, METH_VARARGS, NULL},
    {"make_table", make_table, METH_NOARGS, NULL},
    {"learn", learn, METH_VARARGS, NULL},
    {"look_up", look_up, METH_VARARGS, NULL},
    {"decide", decide, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

#else

static PyObject *lanes_here(void) { return PyTuple_New(0); }

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};

#endif

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "_kernels", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit__kernels(void)
{
    PyObject *made = PyModule_Create(&module);
    PyObject *lanes = made ? lanes_here() : NULL;
    /* Its number changes with what any of the functions takes or does. */
    if (!lanes || PyModule_AddObjectRef(made, "LANES", lanes) < 0 || PyModule_AddIntConstant(made, "VERSION", 6) < 0) {
        Py_XDECREF(made);
        made = NULL;
    }
    Py_XDECREF(lanes);
    return made;
}
