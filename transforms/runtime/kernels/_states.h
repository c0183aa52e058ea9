/* States to actions: what `decide` does. */

TARGET static inline Py_ssize_t NAME(take_highest)(float *scores, Py_ssize_t count, float *highest)
{
    VECTOR most = READ(scores);
    for (Py_ssize_t at = LANES; at < count; at += LANES) most = MAXIMUM(most, READ(scores + at));
    *highest = HIGHEST(most);
    Py_ssize_t place = 0;
    while (place < count - 1 && scores[place] != *highest) place++;
    scores[place] = -INFINITY;
    return place;
}

/* For each row the action of the highest score among those that are allowed, and how far the next is below it. */
TARGET static void NAME(decide)(const struct states *in, Py_ssize_t count, float *rows, int64_t *best, float *gap)
{
    const Py_ssize_t width = in->lower.length, hidden = in->upper.length, actions = in->upper.columns;
    float *states = rows + ROWS * width, *kept = states + ROWS * in->lower.columns, *scores = kept + ROWS * hidden;
    for (Py_ssize_t start = 0; start < count; start += ROWS) {
        const Py_ssize_t here = count - start < ROWS ? count - start : ROWS;
        for (Py_ssize_t at = 0; at < here; at++)
            memcpy(rows + at * width, in->encoded + in->rows[start + at] * width, 4 * width);
        NAME(multiply)(&in->lower, rows, here, states);
        for (Py_ssize_t at = 0; at < here; at++)
            for (Py_ssize_t k = 0; k < hidden; k += LANES) {
                const float *pieces = states + at * in->lower.columns + k;
                VECTOR most = READ(pieces);
                for (Py_ssize_t piece = hidden; piece < in->lower.columns; piece += hidden)
                    most = MAXIMUM(most, READ(pieces + piece));
                AT(kept + at * hidden + k) = most;
            }
        NAME(multiply)(&in->upper, kept, here, scores);
        for (Py_ssize_t at = 0; at < here; at++) {
            float *row = scores + at * actions, highest, next;
            const float *allowed = in->allowed + in->kinds[start + at] * actions;
            for (Py_ssize_t k = 0; k < actions; k += LANES) AT(row + k) = READ(row + k) + READ(allowed + k);
            best[start + at] = NAME(take_highest)(row, actions, &highest);
            NAME(take_highest)(row, actions, &next);
            gap[start + at] = highest - next;
        }
    }
}
