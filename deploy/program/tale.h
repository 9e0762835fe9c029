// The demo's story, read from the files that are compiled in (story.h): as they state it, or
// brought to the present for those who look at it in a browser.
#ifndef DOLEN_DEPLOY_PROGRAM_TALE_H_
#define DOLEN_DEPLOY_PROGRAM_TALE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "deploy/program/recorded_rows.h"

namespace dolen {

struct Tale {
  RecordedRows told;                   // to be told first, under the story's clock
  absl::Time end;                      // when that has been told
  std::vector<RecordedEvent> to_come;  // then, as present.h says; at the times its file states
  absl::TimeZone zone;
};

enum class TaleTime { kAsStated, kPresent };

// `folder` is there, and gets the story's files.
absl::StatusOr<Tale> ReadTale(const std::string& folder, TaleTime time);

// "Friday 30 October": the day on which the story's child was declined.
std::string DayOfDecline(const Tale& tale);

absl::Status WriteText(const std::string& path, absl::string_view text);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_TALE_H_
