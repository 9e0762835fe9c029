// The log of the running program: one JSON object a line on standard error. A line is a code and
// fields; fields take integers, times, durations, child keys and statuses, but no strings, so that
// a child's name cannot be logged by accident (a Status is made by Dolen and never carries received
// data).
//
//   Say(Severity::kInfo, "shard_caught_up").Field("shard", 3).Field("offset", 1200);
//
// Thread-safe. spdlog is included by say.cc only.
#ifndef DOLEN_ENGINE_BASE_SAY_H_
#define DOLEN_ENGINE_BASE_SAY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/base/ids.h"

namespace dolen {

enum class Severity { kInfo, kWarning, kError };

class Say {
 public:
  // Codes and names are literals: what was received cannot become one.
  template <size_t N>
  Say(Severity severity, const char (&code)[N]) : Say(severity, code, 0) {}
  ~Say();  // writes the line
  Say(const Say&) = delete;
  Say& operator=(const Say&) = delete;

  template <size_t N>
  Say& Field(const char (&name)[N], int64_t value) {
    return AddNumber(name, value);
  }
  template <size_t N>
  Say& Field(const char (&name)[N], absl::Time value) {
    return AddTime(name, value);
  }
  template <size_t N>
  Say& Field(const char (&name)[N], absl::Duration value) {
    return AddSeconds(name, absl::ToDoubleSeconds(value));
  }
  template <size_t N>
  Say& Field(const char (&name)[N], const ChildKey& value) {
    return AddText(name, value.Hex());
  }
  template <size_t N>
  Say& Field(const char (&name)[N], const absl::Status& value) {
    return AddText(name, value.ToString());
  }

 private:
  Say(Severity severity, const char* code, int);
  Say& AddNumber(const char* name, int64_t value);
  Say& AddTime(const char* name, absl::Time value);
  Say& AddSeconds(const char* name, double value);
  Say& AddText(const char* name, const std::string& value);

  const Severity severity_;
  std::string line_;
};

// Lines below this are not written; kInfo at start.
void SayFrom(Severity severity);

}  // namespace dolen

#endif  // DOLEN_ENGINE_BASE_SAY_H_
