/* Loops over arrays of float32 that take NumPy several passes: what __init__.py says of each.

   Only x86-64 processors with AVX2 or AVX-512, and compilers that know GNU's vectors: elsewhere `LANES` is empty, and
   NumPy does the work. Which instructions run is decided while the module is imported, so that one build is good for
   all machines. Sums are formed row by row in one order, so a row's result never depends on how many stand beside it. */

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>

#if defined(__GNUC__) && defined(__x86_64__)

#include <immintrin.h>

/* thinc's layer norm adds this to the variance. */
#define EPSILON 1e-8f
/* Pairs of rows that a layer works on at once: what they need stays in the second-level cache. */
#define BLOCK 32
#define UNROLL _Pragma("GCC unroll 8")

struct layer {
    Py_ssize_t width;
    const float *filters, *bias, *gain;
};

struct neighbours {
    Py_ssize_t width, count;
    const float *left, *middle, *right, *vectors, *gain;
    const long long *which, *rows;
};

#define LANES 16
#define ROWS 8
#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,fma")))
#define MAXIMUM(a, b) ((VECTOR)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define TOTAL(a) _mm512_reduce_add_ps((__m512)(a))
#include "_loops.h"
#undef LANES
#undef ROWS
#undef NAME
#undef TARGET
#undef MAXIMUM
#undef TOTAL

#define LANES 8
#define ROWS 4
#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define MAXIMUM(a, b) ((VECTOR)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define TOTAL(a) ((a)[0] + (a)[1] + (a)[2] + (a)[3] + (a)[4] + (a)[5] + (a)[6] + (a)[7])
#include "_loops.h"
#undef LANES

static int has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma"); }

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

/* Whether a buffer holds so many values of `size` bytes; sets an error if not. */
static int holds(const Py_buffer *buffer, Py_ssize_t count, Py_ssize_t size, const char *name)
{
    if (buffer->len == count * size) return 1;
    PyErr_Format(PyExc_ValueError, "%s holds %zd bytes, not %zd", name, buffer->len, count * size);
    return 0;
}

static int can_run(int lanes, Py_ssize_t width)
{
    const int there = (lanes == 16 && has_avx512()) || (lanes == 8 && has_avx2());
    if (there && width > 0 && width % 16 == 0) return 1;
    PyErr_Format(PyExc_ValueError, "no loops for %d lanes and a width of %zd", lanes, width);
    return 0;
}

static int all_below(const long long *values, Py_ssize_t count, Py_ssize_t limit, const char *name)
{
    for (Py_ssize_t at = 0; at < count; at++)
        if (values[at] < 0 || values[at] >= limit) {
            PyErr_Format(PyExc_IndexError, "%s holds %lld, beyond %zd", name, values[at], limit);
            return 0;
        }
    return 1;
}

static float *aligned(void *memory) { return (float *)(((size_t)memory + 63) & ~(size_t)63); }

static PyObject *convolve(PyObject *self, PyObject *args)
{
    int lanes;
    Py_ssize_t width, pairs;
    Py_buffer source, target, filters, bias, gain;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "iny*w*y*y*y*", &lanes, &width, &source, &target, &filters, &bias, &gain)) return NULL;
    if (!can_run(lanes, width)) goto done;
    pairs = source.len / (2 * width * (Py_ssize_t)sizeof(float)) - 2;
    if (pairs < 0 || pairs % BLOCK || !holds(&source, 2 * (pairs + 2) * width, sizeof(float), "source")) {
        if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "source holds no whole blocks of pairs");
        goto done;
    }
    if (!holds(&target, 2 * (pairs + 2) * width, sizeof(float), "target")
        || !holds(&filters, 12 * width * width, sizeof(float), "filters")
        || !holds(&bias, 3 * width, sizeof(float), "bias") || !holds(&gain, width, sizeof(float), "gain"))
        goto done;
    const struct layer layer = {width, filters.buf, bias.buf, gain.buf};
    void *memory = malloc(sizeof(float) * (6 * BLOCK * width + 2 * BLOCK * 3 * 16) + 64);
    if (!memory) {
        PyErr_NoMemory();
        goto done;
    }
    const float *even = (const float *)source.buf + width, *odd = even + (pairs + 2) * width;
    float *even_target = (float *)target.buf + width, *odd_target = even_target + (pairs + 2) * width;
    Py_BEGIN_ALLOW_THREADS
    (lanes == 16 ? convolve_avx512 : convolve_avx2)(
        &layer, even, odd, pairs, even_target, odd_target, aligned(memory));
    Py_END_ALLOW_THREADS
    free(memory);
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&source);
    PyBuffer_Release(&target);
    PyBuffer_Release(&filters);
    PyBuffer_Release(&bias);
    PyBuffer_Release(&gain);
    return result;
}

static PyObject *add_neighbours(PyObject *self, PyObject *args)
{
    int lanes;
    Py_ssize_t width;
    Py_buffer products, which, vectors, rows, gain, target;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "iny*y*y*y*y*w*", &lanes, &width, &products, &which, &vectors, &rows, &gain, &target))
        return NULL;
    if (!can_run(lanes, width)) goto done;
    const Py_ssize_t row = width * sizeof(float), count = which.len / sizeof(long long);
    const Py_ssize_t words = products.len / (9 * row);
    if (!holds(&products, 9 * words * width, sizeof(float), "products")
        || !holds(&which, count, sizeof(long long), "which") || !holds(&rows, count, sizeof(long long), "rows")
        || !holds(&vectors, vectors.len / row * width, sizeof(float), "vectors")
        || !holds(&gain, width, sizeof(float), "gain")
        || !holds(&target, 2 * (count / 2 + 2) * width, sizeof(float), "target")
        || !all_below(which.buf, count, words, "which") || !all_below(rows.buf, count, vectors.len / row, "rows"))
        goto done;
    const float *left = products.buf;
    const struct neighbours in = {
        width, count, left, left + 3 * words * width, left + 6 * words * width, vectors.buf, gain.buf, which.buf, rows.buf};
    void *memory = malloc(row + 64);
    if (!memory) {
        PyErr_NoMemory();
        goto done;
    }
    float *even = (float *)target.buf + width, *odd = even + (count / 2 + 2) * width;
    Py_BEGIN_ALLOW_THREADS
    (lanes == 16 ? add_neighbours_avx512 : add_neighbours_avx2)(&in, even, odd, aligned(memory));
    Py_END_ALLOW_THREADS
    free(memory);
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&products);
    PyBuffer_Release(&which);
    PyBuffer_Release(&vectors);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&gain);
    PyBuffer_Release(&target);
    return result;
}

static PyObject *lanes_here(void)
{
    if (has_avx512()) return Py_BuildValue("(ii)", 16, 8);
    return has_avx2() ? Py_BuildValue("(i)", 8) : PyTuple_New(0);
}

static PyMethodDef methods[] = {
    {"convolve", convolve, METH_VARARGS, NULL},
    {"add_neighbours", add_neighbours, METH_VARARGS, NULL},
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
    if (!lanes || PyModule_AddObjectRef(made, "LANES", lanes) < 0 || PyModule_AddIntConstant(made, "VERSION", 1) < 0) {
        Py_XDECREF(made);
        made = NULL;
    }
    Py_XDECREF(lanes);
    return made;
}
