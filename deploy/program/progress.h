// Progress of long work, on standard error, where a person watches.
#ifndef DOLEN_DEPLOY_PROGRAM_PROGRESS_H_
#define DOLEN_DEPLOY_PROGRAM_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace dolen {

class Progress {
 public:
  // `what` is shown before the numbers. Shows nothing where standard error is no terminal.
  explicit Progress(std::string what);
  ~Progress() { End(); }
  // At most a few times a second. `all` 0: not known.
  void Show(int64_t done, int64_t all);
  // Ends the line.
  void End();

 private:
  const std::string what_;
  const bool watched_;
  absl::Time begun_;
  absl::Time shown_ = absl::InfinitePast();
  bool open_ = false;
};

// A new folder for what will be thrown away.
std::string MakeTemporaryFolder();

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_PROGRESS_H_
