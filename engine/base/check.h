// DOLEN_CHECK(condition): the program is wrong. Prints the place and aborts; on in release too.
// For "the data said no" use a Rejection (engine/admission), for "the world said no" an
// absl::Status.
#ifndef DOLEN_ENGINE_BASE_CHECK_H_
#define DOLEN_ENGINE_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

#define DOLEN_CHECK(condition)                                                           \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)

#endif  // DOLEN_ENGINE_BASE_CHECK_H_
