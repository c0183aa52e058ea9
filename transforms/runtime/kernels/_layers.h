/* Window layers: what `convolve` and `add_neighbours` do. */

/* target = residual + gain * layer norm of best */
TARGET static inline void NAME(normalize)(
    const float *best, const float *residual, const float *gain, Py_ssize_t width, float *target)
{
    VECTOR sum = {}, squares = {};
    for (Py_ssize_t k = 0; k < width; k += LANES) sum += READ(best + k);
    const float mean = TOTAL(sum) / width;
    for (Py_ssize_t k = 0; k < width; k += LANES) {
        VECTOR value = READ(best + k) - mean;
        squares += value * value;
    }
    const float scale = 1 / sqrtf(TOTAL(squares) / width + EPSILON);
    for (Py_ssize_t k = 0; k < width; k += LANES)
        AT(target + k) = READ(residual + k) + (READ(best + k) - mean) * scale * READ(gain + k);
}

TARGET static void NAME(add_neighbours)(const struct neighbours *in, float *even, float *odd, float *best)
{
    const Py_ssize_t width = in->width, columns = 3 * width;
    for (Py_ssize_t row = 0; row < in->count; row++) {
        const float *left = in->left + in->which[row ? row - 1 : 0] * columns;
        const float *middle = in->middle + in->which[row] * columns;
        const float *right = in->right + in->which[row + 1 < in->count ? row + 1 : row] * columns;
        for (Py_ssize_t k = 0; k < width; k += LANES) {
            VECTOR most = READ(middle + k) + READ(left + k) + READ(right + k);
            for (Py_ssize_t at = k + width; at < columns; at += width) {
                VECTOR other = READ(middle + at) + READ(left + at) + READ(right + at);
                most = MAXIMUM(most, other);
            }
            AT(best + k) = most;
        }
        float *target = (row % 2 ? odd : even) + row / 2 * width;
        NAME(normalize)(best, in->vectors + in->rows[row] * width, in->gain, width, target);
    }
}

/* Winograd's inputs of BLOCK pairs of rows. */
TARGET static inline void NAME(filter_inputs)(const float *even, const float *odd, Py_ssize_t width, float *inputs)
{
    const Py_ssize_t size = BLOCK * width;
    for (Py_ssize_t k = 0; k < size; k += LANES) {
        VECTOR before = READ(odd + k - width), here = READ(even + k);
        VECTOR next = READ(odd + k), after = READ(even + k + width);
        AT(inputs + k) = before - next;
        AT(inputs + size + k) = here + next;
        AT(inputs + 2 * size + k) = next - here;
        AT(inputs + 3 * size + k) = after - here;
    }
}

/* A block's products with the filters of some columns, biased, and the largest of each three: even rows, odd rows. */
TARGET static inline void NAME(filter_columns)(
    const float *inputs, Py_ssize_t width, const float *filter, const float *bias, float *best, float *scratch)
{
    const Py_ssize_t size = BLOCK * width, filter_size = 3 * LANES * width;
    VECTOR (*kept)[2][ROWS][3] = (void *)scratch;
    /* Two filters at a time, which stay in the first-level cache while the rows go by. */
    for (Py_ssize_t row = 0; row < BLOCK; row += ROWS) {
        VECTOR sums[2][ROWS][3] = {};
        NAME(add_products)(ROWS, 3, inputs + size + row * width, width, width, filter + filter_size, sums[0][0]);
        NAME(add_products)(ROWS, 3, inputs + 2 * size + row * width, width, width, filter + 2 * filter_size,
                           sums[1][0]);
        UNROLL for (int at = 0; at < ROWS; at++)
            UNROLL for (int part = 0; part < 3; part++) {
                VECTOR biased = sums[0][at][part] + READ(bias + part * width);
                kept[row / ROWS][0][at][part] = biased + sums[1][at][part];
                kept[row / ROWS][1][at][part] = biased - sums[1][at][part];
            }
    }
    for (Py_ssize_t row = 0; row < BLOCK; row += ROWS)
        for (int side = 0; side < 2; side++) {
            VECTOR (*sums)[3] = kept[row / ROWS][side];
            const float *rows = inputs + 3 * side * size + row * width;
            NAME(add_products)(ROWS, 3, rows, width, width, filter + 3 * side * filter_size, sums[0]);
            UNROLL for (int at = 0; at < ROWS; at++)
                AT(best + side * size + (row + at) * width) = MAXIMUM(MAXIMUM(sums[at][0], sums[at][1]), sums[at][2]);
        }
}

TARGET static void NAME(convolve)(const struct layer *layer, const float *even, const float *odd, Py_ssize_t pairs,
                                  float *even_target, float *odd_target, float *scratch)
{
    const Py_ssize_t width = layer->width, size = BLOCK * width;
    float *inputs = scratch, *best = inputs + 4 * size, *rest = best + 2 * size;
    for (Py_ssize_t start = 0; start < pairs * width; start += size) {
        NAME(filter_inputs)(even + start, odd + start, width, inputs);
        for (Py_ssize_t column = 0; column < width; column += LANES)
            NAME(filter_columns)(inputs, width, layer->filters + 12 * width * column, layer->bias + column,
                                 best + column, rest);
        for (Py_ssize_t at = 0; at < size; at += width) {
            NAME(normalize)(best + at, even + start + at, layer->gain, width, even_target + start + at);
            NAME(normalize)(best + size + at, odd + start + at, layer->gain, width, odd_target + start + at);
        }
    }
}
