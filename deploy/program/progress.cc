#include "deploy/program/progress.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"

namespace dolen {

Progress::Progress(std::string what)
    : what_(std::move(what)), watched_(isatty(STDERR_FILENO) == 1), begun_(absl::Now()) {}

void Progress::Show(int64_t done, int64_t all) {
  if (!watched_) return;
  const absl::Time now = absl::Now();
  if (now - shown_ < absl::Milliseconds(200)) return;
  shown_ = now;
  open_ = true;
  const double rate = static_cast<double>(done) / absl::ToDoubleSeconds(now - begun_);
  if (all > 0) {
    absl::FPrintF(stderr, "\r%s: %d of %d (%d %%), %.0f a second ", what_, done, all,
                  100 * done / all, rate);
  } else {
    absl::FPrintF(stderr, "\r%s: %d, %.0f a second ", what_, done, rate);
  }
  std::fflush(stderr);
}

void Progress::End() {
  if (!open_) return;
  open_ = false;
  absl::FPrintF(stderr, "\r\033[K");
}

std::string MakeTemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "dolen-XXXXXX").string();
  DOLEN_CHECK(mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

}  // namespace dolen
