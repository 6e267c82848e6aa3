package remoting.interop.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts of nanoseconds, each power of two in 64 parts: quantiles to within 2 %. */
final class Latencies {
    private static final int PART_BITS = 6;
    private static final int PARTS = 1 << PART_BITS;

    private final AtomicLongArray counts = new AtomicLongArray(64 * PARTS);

    void add(long nanoseconds) {
        counts.incrementAndGet(index(Math.max(nanoseconds, PARTS)));
    }

    private static int index(long nanoseconds) {
        int shift = 63 - Long.numberOfLeadingZeros(nanoseconds) - PART_BITS;
        return shift * PARTS + (int) (nanoseconds >> shift);
    }

    /** Nanoseconds within which this share was answered. */
    long quantile(double quantile) {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        long wanted = (long) Math.ceil(quantile * total);
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= wanted && seen > 0) {
                int shift = Math.max(i / PARTS - 1, 0);
                return (long) (i - shift * PARTS) << shift;
            }
        }
        return 0;
    }
}
