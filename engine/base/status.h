// Status macros: leave the function with the error, or go on with the value.
#ifndef DOLEN_ENGINE_BASE_STATUS_H_
#define DOLEN_ENGINE_BASE_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define DOLEN_RETURN_IF_ERROR(expression)                                 \
  do {                                                                    \
    if (absl::Status dolen_status_ = (expression); !dolen_status_.ok()) { \
      return dolen_status_;                                               \
    }                                                                     \
  } while (false)

#define DOLEN_CONCAT_INNER_(a, b) a##b
#define DOLEN_CONCAT_(a, b) DOLEN_CONCAT_INNER_(a, b)

// DOLEN_ASSIGN_OR_RETURN(auto x, F()): x is F()'s value, or the error is returned.
#define DOLEN_ASSIGN_OR_RETURN(lhs, expression) \
  DOLEN_ASSIGN_OR_RETURN_INNER_(DOLEN_CONCAT_(dolen_statusor_, __LINE__), lhs, expression)
#define DOLEN_ASSIGN_OR_RETURN_INNER_(statusor, lhs, expression) \
  auto statusor = (expression);                                  \
  if (!statusor.ok()) return std::move(statusor).status();       \
  lhs = *std::move(statusor)

#endif  // DOLEN_ENGINE_BASE_STATUS_H_
