/* Log-densities and their gradients as one would write them by hand.

   double NAME(const double *z, double *g, void **context): z is the flat unconstrained
   position, in the order of the models' statements; g gets the gradient; the value
   omits constants. context[0] is a table of data arrays, in the order of by_hand.py;
   context[1] is scratch. */
#include <math.h>
#include <stdint.h>

#define SLOT(type, name, number) \
    const type *restrict name = ((const type *const *)context[0])[number]
#define WORK(name, offset) double *restrict name = (double *)context[1] + (offset)

static double dot(const double *restrict a, const double *restrict b, long n) {
    double part[8] = {0, 0, 0, 0, 0, 0, 0, 0}, rest = 0;
    long i = 0;
    for (; i + 8 <= n; i += 8)
        for (long k = 0; k < 8; k++) part[k] += a[i + k] * b[i + k];
    for (; i < n; i++) rest += a[i] * b[i];
    return ((part[0] + part[4]) + (part[1] + part[5])) +
           ((part[2] + part[6]) + (part[3] + part[7])) + rest;
}

static double total(const double *restrict a, long n) {
    double part[8] = {0, 0, 0, 0, 0, 0, 0, 0}, rest = 0;
    long i = 0;
    for (; i + 8 <= n; i += 8)
        for (long k = 0; k < 8; k++) part[k] += a[i + k];
    for (; i < n; i++) rest += a[i];
    return ((part[0] + part[4]) + (part[1] + part[5])) +
           ((part[2] + part[6]) + (part[3] + part[7])) + rest;
}

/* y = X b for columns of X one after the other; then X' r likewise. */
static void predict(const double *restrict x, const double *restrict b,
                    double *restrict y, long n, long d) {
    for (long i = 0; i < n; i++) y[i] = x[i] * b[0];
    long j = 1;
    for (; j + 4 <= d; j += 4) {
        const double *restrict c = x + j * n;
        double p = b[j], q = b[j + 1], r = b[j + 2], s = b[j + 3];
        for (long i = 0; i < n; i++)
            y[i] += p * c[i] + q * c[n + i] + r * c[2 * n + i] + s * c[3 * n + i];
    }
    for (; j < d; j++)
        for (long i = 0; i < n; i++) y[i] += x[j * n + i] * b[j];
}

static double logistic_terms(double *restrict eta, const double *restrict y, long n) {
    /* the log-likelihood; eta becomes its derivative */
    double lp = 0;
    for (long i = 0; i < n; i++) {
        double e = eta[i], a = exp(-fabs(e)), over = 1 / (1 + a);
        lp += y[i] * e - (e > 0 ? e : 0) - log1p(a);
        eta[i] = y[i] - (e > 0 ? over : a * over);
    }
    return lp;
}

double eight_schools(const double *z, double *g, void **context) {
    SLOT(double, y, 0);
    SLOT(double, precision, 1);
    double mu = z[0], tau = exp(z[1]), square = tau * tau / 25;
    double lp = -0.02 * mu * mu - log1p(square) + z[1], pull = 0, stretch = 0;
    for (int i = 0; i < 8; i++) {
        double raw = z[2 + i], r = y[i] - mu - tau * raw, w = r * precision[i];
        lp -= 0.5 * (raw * raw + r * w);
        pull += w;
        stretch += w * raw;
        g[2 + i] = tau * w - raw;
    }
    g[0] = pull - mu / 25;
    g[1] = tau * stretch - 2 * square / (1 + square) + 1;
    return lp;
}

double radon(const double *z, double *g, void **context) {
    SLOT(double, y, 0);
    SLOT(int64_t, county, 1);
    SLOT(double, floor, 2);
    enum { J = 85, N = 919 };
    WORK(alpha, 0);
    WORK(pull, J);
    double mu = z[0], spread = exp(z[1]), beta = z[2], noise = exp(z[3]);
    double precision = 1 / (noise * noise), squares = 0, slope = 0;
    for (int j = 0; j < J; j++) {
        alpha[j] = mu + spread * z[4 + j];
        pull[j] = 0;
    }
    for (int i = 0; i < N; i++) {
        double r = y[i] - alpha[county[i]] - beta * floor[i];
        squares += r * r;
        slope += r * floor[i];
        pull[county[i]] += r;
    }
    double lp = -0.005 * (mu * mu + beta * beta) - 0.5 * spread * spread + z[1] -
                0.5 * noise * noise + z[3] - N * z[3] - 0.5 * squares * precision;
    double all = 0, stretch = 0;
    for (int j = 0; j < J; j++) {
        double raw = z[4 + j], w = pull[j] * precision;
        all += w;
        stretch += w * raw;
        g[4 + j] = spread * w - raw;
        lp -= 0.5 * raw * raw;
    }
    g[0] = all - 0.01 * mu;
    g[1] = spread * (stretch - spread) + 1;
    g[2] = slope * precision - 0.01 * beta;
    g[3] = squares * precision - N - noise * noise + 1;
    return lp;
}

double logistic_1000(const double *z, double *g, void **context) {
    SLOT(double, x, 0);
    SLOT(double, y, 1);
    enum { N = 1000, D = 21 };
    WORK(eta, 0);
    predict(x, z, eta, N, D);
    double lp = logistic_terms(eta, y, N);
    for (int j = 0; j < D; j++) {
        g[j] = dot(x + j * N, eta, N) - 0.25 * z[j];
        lp -= 0.125 * z[j] * z[j];
    }
    return lp;
}

double stochastic_volatility(const double *z, double *g, void **context) {
    SLOT(double, y, 0);
    enum { T = 100 };
    WORK(level, 0);
    WORK(push, T);
    double p = 1 / (1 + exp(-z[0])), phi = 2 * p - 1, spread = exp(z[1]), h = 0;
    double lp = 20 * log(p) + 1.5 * log1p(-p) - 10 * spread + z[1];
    for (int t = 0; t < T; t++) level[t] = h = phi * h + spread * z[2 + t];
    for (int t = 0; t < T; t++) {
        double q = y[t] * y[t] * exp(-level[t]);
        lp -= 0.5 * (q + level[t] + z[2 + t] * z[2 + t]);
        push[t] = 0.5 * (q - 1);
    }
    double c = 0, by_spread = 0, by_phi = 0;
    for (int t = T - 1; t >= 0; t--) {
        c = phi * c + push[t];
        by_spread += c * z[2 + t];
        g[2 + t] = spread * c - z[2 + t];
        if (t > 0) by_phi += c * level[t - 1];
    }
    g[1] = spread * (by_spread - 10) + 1;
    g[0] = (2 * by_phi + 20 / p - 1.5 / (1 - p)) * p * (1 - p);
    return lp;
}

double funnel(const double *z, double *g, void **context) {
    (void)context;
    double v = z[0], precision = exp(-v), squares = 0;
    for (int k = 1; k < 10; k++) {
        squares += z[k] * z[k];
        g[k] = -precision * z[k];
    }
    g[0] = -v / 9 - 4.5 + 0.5 * squares * precision;
    return -v * v / 18 - 4.5 * v - 0.5 * squares * precision;
}

double mvn_100(const double *z, double *g, void **context) {
    SLOT(double, precision, 0);
    enum { D = 100 };
    double lp = 0;
    for (int i = 0; i < D; i++) {
        double row = dot(precision + i * D, z, D);
        g[i] = -row;
        lp -= 0.5 * row * z[i];
    }
    return lp;
}

double irt_2pl(const double *z, double *g, void **context) {
    SLOT(int64_t, person, 0);
    SLOT(int64_t, question, 1);
    SLOT(double, y, 2);
    enum { P = 100, Q = 20, N = 2000 };
    WORK(slope, 0);
    WORK(eta, Q);
    const double *ability = z, *log_slope = z + P, *hardness = z + P + Q;
    double lp = 0;
    for (int j = 0; j < Q; j++) slope[j] = exp(log_slope[j]);
    for (int i = 0; i < N; i++)
        eta[i] = slope[question[i]] * (ability[person[i]] - hardness[question[i]]);
    lp += logistic_terms(eta, y, N);
    for (int i = 0; i < P; i++) {
        g[i] = -ability[i];
        lp -= 0.5 * ability[i] * ability[i];
    }
    for (int j = 0; j < Q; j++) {
        g[P + j] = 0;
        g[P + Q + j] = -hardness[j] / 4;
        lp -= 2 * log_slope[j] * log_slope[j] + hardness[j] * hardness[j] / 8;
    }
    for (int i = 0; i < N; i++) {
        int64_t p = person[i], q = question[i];
        double pull = eta[i] * slope[q];
        g[p] += pull;
        g[P + q] += pull * (ability[p] - hardness[q]);
        g[P + Q + q] -= pull;
    }
    for (int j = 0; j < Q; j++) g[P + j] -= 4 * log_slope[j];
    return lp;
}

double mixture_500(const double *z, double *g, void **context) {
    SLOT(double, y, 0);
    enum { N = 500 };
    double gap = exp(z[1]), m1 = z[0], m2 = z[0] + gap, s1 = exp(z[2]), s2 = exp(z[3]);
    double theta = 1 / (1 + exp(-z[4])), i1 = 1 / s1, i2 = 1 / s2;
    double l1 = log(theta), l2 = log1p(-theta), c1 = l1 - z[2], c2 = l2 - z[3];
    double lp = 5 * (l1 + l2) - (m1 * m1 + m2 * m2) / 8 + z[1] - s1 * s1 / 8 + z[2] -
                s2 * s2 / 8 + z[3];
    double w1 = 0, r1 = 0, r2 = 0, q1 = 0, q2 = 0, terms = 0;
    for (int i = 0; i < N; i++) {
        double u = (y[i] - m1) * i1, v = (y[i] - m2) * i2;
        double a = c1 - 0.5 * u * u, b = c2 - 0.5 * v * v, d = a - b;
        double e = exp(-fabs(d)), over = 1 / (1 + e), p = d > 0 ? over : e * over;
        terms += (d > 0 ? a : b) + log1p(e);
        w1 += p;
        r1 += p * u;
        r2 += (1 - p) * v;
        q1 += p * u * u;
        q2 += (1 - p) * v * v;
    }
    double by_m1 = r1 * i1 - m1 / 4, by_m2 = r2 * i2 - m2 / 4;
    g[0] = by_m1 + by_m2;
    g[1] = gap * by_m2 + 1;
    g[2] = q1 - w1 - s1 * s1 / 4 + 1;
    g[3] = q2 - (N - w1) - s2 * s2 / 4 + 1;
    g[4] = (5 + w1) * (1 - theta) - (5 + N - w1) * theta;
    return lp + terms;
}

double poisson_glm(const double *z, double *g, void **context) {
    SLOT(double, x, 0);
    SLOT(double, y, 1);
    enum { N = 800, D = 10 };
    WORK(eta, 0);
    predict(x, z, eta, N, D);
    double lp = 0;
    for (int i = 0; i < N; i++) {
        double rate = exp(eta[i]);
        lp += y[i] * eta[i] - rate;
        eta[i] = y[i] - rate;
    }
    for (int j = 0; j < D; j++) {
        g[j] = dot(x + j * N, eta, N) - z[j];
        lp -= 0.5 * z[j] * z[j];
    }
    return lp;
}

double horseshoe(const double *z, double *g, void **context) {
    SLOT(double, x, 0);
    SLOT(double, y, 1);
    enum { N = 200, D = 50 };
    WORK(beta, 0);
    WORK(lam, D);
    WORK(residual, 2 * D);
    const double *log_lam = z + 1, *raw = z + 1 + D;
    double tau = exp(z[0]), lp = z[0] - log1p(tau * tau), by_tau = 0;
    for (int j = 0; j < D; j++) {
        lam[j] = exp(log_lam[j]);
        beta[j] = tau * lam[j] * raw[j];
    }
    predict(x, beta, residual, N, D);
    for (int i = 0; i < N; i++) residual[i] = y[i] - residual[i];
    lp -= 0.5 * dot(residual, residual, N);
    for (int j = 0; j < D; j++) {
        double pull = dot(x + j * N, residual, N), square = lam[j] * lam[j];
        lp += log_lam[j] - log1p(square) - 0.5 * raw[j] * raw[j];
        by_tau += pull * beta[j];
        g[1 + j] = pull * beta[j] + 1 - 2 * square / (1 + square);
        g[1 + D + j] = pull * tau * lam[j] - raw[j];
    }
    g[0] = by_tau + 1 - 2 * tau * tau / (1 + tau * tau);
    return lp;
}

/* Lower Cholesky factor of a, in place, by rows. */
static void cholesky(double *restrict a, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double s = a[i * n + j] - dot(a + i * n, a + j * n, j);
            a[i * n + j] = i == j ? sqrt(s) : s / a[j * n + j];
        }
}

double gp_100(const double *z, double *g, void **context) {
    SLOT(double, squares, 0);
    SLOT(double, y, 1);
    enum { N = 100 };
    WORK(kernel, 0);
    WORK(factor, N * N);
    WORK(inverse, 2 * N * N);
    WORK(solved, 3 * N * N);
    double rho = exp(z[0]), alpha = exp(z[1]), sigma = exp(z[2]);
    double decay = -0.5 / (rho * rho);
    double lp = 25 * z[0] - 4 * rho - alpha * alpha / 8 + z[1] - sigma * sigma / 2 +
                z[2];
    for (int k = 0; k < N * N; k++)
        factor[k] = kernel[k] = alpha * alpha * exp(decay * squares[k]);
    for (int i = 0; i < N; i++) factor[i * N + i] += sigma;
    cholesky(factor, N);
    /* row j of `inverse` is column j of the factor's inverse */
    for (int j = 0; j < N; j++) {
        double *restrict row = inverse + j * N;
        for (int i = 0; i < j; i++) row[i] = 0;
        row[j] = 1 / factor[j * N + j];
        for (int i = j + 1; i < N; i++)
            row[i] = -dot(factor + i * N + j, row + j, i - j) / factor[i * N + i];
        lp -= log(factor[j * N + j]);
    }
    double by_decay = 0, by_scale = 0, by_noise = 0;
    for (int i = 0; i < N; i++) solved[i] = 0;
    for (int i = 0; i < N; i++) {
        double u = 0;
        for (int j = 0; j <= i; j++) u += inverse[j * N + i] * y[j];
        lp -= 0.5 * u * u;
        for (int j = 0; j <= i; j++) solved[j] += u * inverse[j * N + i];
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            double back = dot(inverse + i * N + i, inverse + j * N + i, N - i);
            double slope = 0.5 * (solved[i] * solved[j] - back);
            double twice = (i == j ? 1 : 2) * slope * kernel[i * N + j];
            by_scale += twice;
            by_decay += twice * squares[i * N + j];
            if (i == j) by_noise += slope;
        }
    g[0] = 25 - 4 * rho - 2 * decay * by_decay;
    g[1] = 2 * by_scale - alpha * alpha / 4 + 1;
    g[2] = sigma * by_noise - sigma * sigma + 1;
    return lp;
}

double ar_200(const double *z, double *g, void **context) {
    SLOT(double, lags, 0);
    SLOT(double, y, 1);
    enum { N = 195, K = 5 };
    WORK(residual, 0);
    double sigma = exp(z[6]), precision = 1 / (sigma * sigma), ratio = sigma / 2.5;
    predict(lags, z + 1, residual, N, K);
    for (int i = 0; i < N; i++) residual[i] = y[i] - z[0] - residual[i];
    double squares = dot(residual, residual, N);
    double lp = -0.5 * squares * precision - (N - 1) * z[6] - log1p(ratio * ratio);
    g[0] = total(residual, N) * precision - z[0] / 100;
    lp -= z[0] * z[0] / 200;
    for (int k = 0; k < K; k++) {
        g[1 + k] = dot(lags + k * N, residual, N) * precision - z[1 + k] / 100;
        lp -= z[1 + k] * z[1 + k] / 200;
    }
    g[6] = squares * precision - (N - 1) - 2 * ratio * ratio / (1 + ratio * ratio);
    return lp;
}
