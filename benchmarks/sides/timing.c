/* Calls a log-density many times, so that no call from Python is timed. */
#include <stdint.h>

typedef double (*density)(const double *, double *, void *);
typedef int64_t (*nutpie_density)(uint64_t, double *, double *, double *, void *);

double drive(void *function, double *z, double *g, void *context, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        z[0] += 1e-12;
        sum += ((density)function)(z, g, context);
    }
    return sum;
}

double drive_nutpie(void *function, double *z, double *g, void *context,
                    int64_t count, uint64_t dim) {
    double sum = 0, value = 0;
    for (int64_t i = 0; i < count; i++) {
        z[0] += 1e-12;
        ((nutpie_density)function)(dim, z, g, &value, context);
        sum += value;
    }
    return sum;
}
