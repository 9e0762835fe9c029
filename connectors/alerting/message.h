// What a notice says to people, in one language: a headline, a line for each alert, facts. Every
// destination that people read takes its text from here.
//
// Nothing personal: of the child only the first digits of its opaque key, and neither an agency's
// own id of a matter nor a clock's name, since those hold what agencies made up.
#ifndef DOLEN_CONNECTORS_ALERTING_MESSAGE_H_
#define DOLEN_CONNECTORS_ALERTING_MESSAGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/alerting/notice.h"
#include "engine/pathway/phrases.h"

namespace dolen {

// "label: value"; `is_link`: the value is an address.
struct Fact {
  std::string label, value;
  bool is_link = false;
};

// One alert: "Overdue: Initial conference (1a2b3c4d)".
std::string Headline(const alert::v1::Alert& alert, Language language);
// A notice: the headline of its only alert, or what is the same of all and how many there are.
std::string Headline(const Notice& notice, Language language);
// The headline in the notice's language or languages, between slashes.
std::string Headline(const Notice& notice);
// The sentence of a notice that is about no alert (a test, a heartbeat); else empty.
std::string NoteOf(const Notice& notice, Language language);

// One alert in a list: its headline, for whom, and the due time.
std::string ListLine(const alert::v1::Alert& alert, absl::TimeZone zone, Language language);
// "Further alerts, not listed: 12"; empty where there are none.
std::string LeftOutLine(int left_out, Language language);

// What a person said that still holds: "Acknowledged; until: Thursday ..."; empty: nothing.
std::string AnswerWords(const alert::v1::Alert& alert, absl::TimeZone zone, Language language);
// "Title, paragraph 3.12"; empty where the book names none.
std::string SourceWords(const alert::v1::Alert& alert, Language language);
// Everything that people may want to know of one alert, the important first.
std::vector<Fact> FactsOf(const Notice::Item& item, absl::TimeZone zone, Language language);

// `text` in at most `bytes` bytes, cut between characters, with "..." where something is cut.
std::string Shortened(absl::string_view text, size_t bytes);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MESSAGE_H_
