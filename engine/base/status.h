// Status macros: leave the function with the error, or go on with the value.
#ifndef DOLEN_ENGINE_BASE_STATUS_H_
#define DOLEN_ENGINE_BASE_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define DOLEN_CONCAT_INNER_(a, b) a##b
#define DOLEN_CONCAT_(a, b) DOLEN_CONCAT_INNER_(a, b)

// The counter keeps a macro inside a lambda inside a macro from shadowing the outer one's status.
#define DOLEN_RETURN_IF_ERROR(expression) \
  DOLEN_RETURN_IF_ERROR_INNER_(DOLEN_CONCAT_(dolen_status_, __COUNTER__), expression)
#define DOLEN_RETURN_IF_ERROR_INNER_(status, expression)    \
  do {                                                      \
    if (absl::Status status = (expression); !status.ok()) { \
      return status;                                        \
    }                                                       \
  } while (false)

// DOLEN_ASSIGN_OR_RETURN(auto x, F()): x is F()'s value, or the error is returned.
#define DOLEN_ASSIGN_OR_RETURN(lhs, expression) \
  DOLEN_ASSIGN_OR_RETURN_INNER_(DOLEN_CONCAT_(dolen_statusor_, __COUNTER__), lhs, expression)
#define DOLEN_ASSIGN_OR_RETURN_INNER_(statusor, lhs, expression) \
  auto statusor = (expression);                                  \
  if (!statusor.ok()) return std::move(statusor).status();       \
  lhs = *std::move(statusor)

#endif  // DOLEN_ENGINE_BASE_STATUS_H_
