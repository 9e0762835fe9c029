// What a benchmark has used so far.
#ifndef DOLEN_BENCHMARKS_USAGE_H_
#define DOLEN_BENCHMARKS_USAGE_H_

#include <sys/resource.h>

namespace dolen {

// Seconds of all threads, in the program and in the kernel.
inline double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// The most memory it held at once.
inline double PeakMegabytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace dolen

#endif  // DOLEN_BENCHMARKS_USAGE_H_
