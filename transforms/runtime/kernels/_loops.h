/* All loops for one instruction set. Included once for each, with these defined:

   LANES      floats in a vector
   ROWS       rows of a matrix that are multiplied at once, so that all sums stay in registers
   NAME(x)    x with a suffix of its own
   TARGET     the attribute that lets the compiler use the instructions
   MAXIMUM    of two vectors, lane by lane
   TOTAL      sum of a vector's lanes
   HIGHEST    the largest of them */

typedef float NAME(vector) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
#define VECTOR NAME(vector)
#define AT(pointer) (*(VECTOR *)(pointer))
#define READ(pointer) (*(const VECTOR *)(pointer))

/* Adds to ROWS x 3 vectors of sums the products of rows, `length` long and `step` apart, with packed columns. */
TARGET static inline void NAME(add_products)(
    const float *rows, Py_ssize_t step, Py_ssize_t length, const float *packed, VECTOR (*sums)[3])
{
    VECTOR kept[ROWS][3];
    UNROLL for (int row = 0; row < ROWS; row++)
        UNROLL for (int part = 0; part < 3; part++) kept[row][part] = sums[row][part];
    for (Py_ssize_t k = 0; k < length; k++, packed += 3 * LANES) {
        VECTOR first = READ(packed), second = READ(packed + LANES), third = READ(packed + 2 * LANES);
        UNROLL for (int row = 0; row < ROWS; row++) {
            VECTOR value = rows[row * step + k] - (VECTOR){};
            kept[row][0] += value * first;
            kept[row][1] += value * second;
            kept[row][2] += value * third;
        }
    }
    UNROLL for (int row = 0; row < ROWS; row++)
        UNROLL for (int part = 0; part < 3; part++) sums[row][part] = kept[row][part];
}

#include "_layers.h"
#include "_words.h"
#include "_states.h"

#undef VECTOR
#undef AT
#undef READ
#undef LANES
#undef ROWS
#undef NAME
#undef TARGET
#undef MAXIMUM
#undef TOTAL
#undef HIGHEST
