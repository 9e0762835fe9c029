// Alerts and notices that tests of destinations tell, a look at everything that goes out for one,
// and comparison with golden files.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_EXAMPLES_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_EXAMPLES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/alerting/notice.h"

namespace dolen {

absl::Time At(absl::string_view rfc3339);
absl::TimeZone London();

// An initial conference that fell due on 2 April 2026 and is late; its fields are all set.
alert::v1::Alert OverdueAlert();
// The same step two days before, at the level due_soon.
alert::v1::Alert DueSoonAlert();
// `alert` after a further change at this time.
alert::v1::Alert Changed(alert::v1::Alert alert, alert::v1::State state, absl::string_view at);
// As another alert of the household: another child and id, made of `digit`.
alert::v1::Alert Sibling(alert::v1::Alert alert, char digit);

// In both languages for GWYNEDD/duty, with a link for each alert.
Notice NoticeOf(Notice::Kind kind, const std::vector<alert::v1::Alert>& alerts);

// One of each form, with a name for it: every kind of notice, one alert and several.
struct NamedNotice {
  std::string name;
  Notice notice;
};
std::vector<NamedNotice> EveryForm();

// What leaves for a notice: by every destination, and what is written into the log.
struct Output {
  std::string name;  // of the destination
  std::string text;  // decoded where a reader decodes it
};
std::vector<Output> EveryOutput(const Notice& notice);

// Fails where one of `needles` occurs in an output, in whatever case.
void ExpectNoneOf(const std::vector<std::string>& needles, const std::vector<Output>& outputs);

// Compares with golden/NAME; with DOLEN_WRITE_GOLDEN=1 writes it.
void ExpectGolden(const std::string& name, const std::string& text);

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_EXAMPLES_H_
