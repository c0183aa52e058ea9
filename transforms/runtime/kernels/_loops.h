/* All loops for one instruction set. Included once for each, with these defined:

   LANES      floats in a vector
   ROWS       rows of a matrix that are multiplied by three vectors of columns at once
   NAME(x)    x with a suffix of its own
   TARGET     the attribute that lets the compiler use the instructions
   MAXIMUM    of two vectors, lane by lane
   TOTAL      sum of a vector's lanes
   HIGHEST    the largest of them */

typedef float NAME(vector) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t NAME(wholes) __attribute__((vector_size(4 * LANES)));
#define VECTOR NAME(vector)
#define WHOLES NAME(wholes)
#define AT(pointer) (*(VECTOR *)(pointer))
#define READ(pointer) (*(const VECTOR *)(pointer))

/* Adds to count x parts vectors of sums the products of rows, `length` long and `step` apart, with packed columns.
   `count` and `parts` are constants wherever it is called, so that all sums stay in registers. */
TARGET static ALWAYS void NAME(add_products)(
    const int count, const int parts, const float *rows, Py_ssize_t step, Py_ssize_t length, const float *packed,
    VECTOR *sums)
{
    VECTOR kept[MOST_ROWS][MOST_PARTS];
    UNROLL for (int row = 0; row < count; row++)
        UNROLL for (int part = 0; part < parts; part++) kept[row][part] = sums[row * parts + part];
    for (Py_ssize_t k = 0; k < length; k++, packed += parts * LANES) {
        VECTOR columns[MOST_PARTS];
        UNROLL for (int part = 0; part < parts; part++) columns[part] = READ(packed + part * LANES);
        UNROLL for (int row = 0; row < count; row++) {
            VECTOR value = rows[row * step + k] - (VECTOR){};
            UNROLL for (int part = 0; part < parts; part++) kept[row][part] += value * columns[part];
        }
    }
    UNROLL for (int row = 0; row < count; row++)
        UNROLL for (int part = 0; part < parts; part++) sums[row * parts + part] = kept[row][part];
}

TARGET static ALWAYS void NAME(multiply_by)(
    const int together, const int parts, const struct product *in, const float *rows, Py_ssize_t count, float *target)
{
    const float *packed = in->packed;
    for (Py_ssize_t column = 0; column < in->columns; column += parts * LANES, packed += parts * LANES * in->length)
        for (Py_ssize_t row = 0; row < count; row += together) {
            VECTOR sums[MOST_SUMS] = {};
            NAME(add_products)(together, parts, rows + row * in->length, in->length, in->length, packed, sums);
            for (Py_ssize_t at = 0; at < together && row + at < count; at++)
                for (Py_ssize_t part = 0; part < parts && column + part * LANES < in->columns; part++) {
                    const Py_ssize_t place = column + part * LANES;
                    AT(target + (row + at) * in->columns + place) = sums[at * parts + part] + READ(in->bias + place);
                }
        }
}

/* target = rows by packed columns, plus bias. Behind the rows, MOST_ROWS more can be read. */
TARGET static void NAME(multiply)(const struct product *in, const float *rows, Py_ssize_t count, float *target)
{
#if LANES == 16
    if (in->parts == 5) return NAME(multiply_by)(5, 5, in, rows, count, target);
    if (in->parts == 4) return NAME(multiply_by)(6, 4, in, rows, count, target);
#endif
    NAME(multiply_by)(ROWS, 3, in, rows, count, target);
}

#include "_layers.h"
#include "_words.h"
#include "_states.h"

#undef VECTOR
#undef WHOLES
#undef AT
#undef READ
#undef LANES
#undef ROWS
#undef NAME
#undef TARGET
#undef MAXIMUM
#undef TOTAL
#undef HIGHEST
