#include "engine/base/say.h"

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace dolen {
namespace {

// JSON has no escapes of C: quotes, backslashes and control characters only.
std::string Quoted(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&out, "\\u00", absl::BytesToHexString(absl::string_view(&c, 1)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("dolen",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","severity":"%l",%v})",
                      spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum LevelOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return spdlog::level::info;
    case Severity::kWarning:
      return spdlog::level::warn;
    case Severity::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

Say::Say(Severity severity, const char* code, int)
    : severity_(severity), line_(absl::StrCat("\"code\":", Quoted(code))) {}

Say::~Say() { Logger().log(LevelOf(severity_), "{}", line_); }

Say& Say::AddNumber(const char* name, int64_t value) {
  absl::StrAppend(&line_, ",", Quoted(name), ":", value);
  return *this;
}
Say& Say::AddTime(const char* name, absl::Time value) { return AddText(name, Rfc3339(value)); }
Say& Say::AddSeconds(const char* name, double value) {
  absl::StrAppend(&line_, ",", Quoted(name), ":", value);
  return *this;
}
Say& Say::AddText(const char* name, const std::string& value) {
  absl::StrAppend(&line_, ",", Quoted(name), ":", Quoted(value));
  return *this;
}

void SayFrom(Severity severity) { Logger().set_level(LevelOf(severity)); }

}  // namespace dolen
