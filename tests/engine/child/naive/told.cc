#include "tests/engine/child/naive/told.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/engine/calendar/uk.h"

namespace dolen::second {
namespace {

const absl::TimeZone& London() {
  static const absl::TimeZone zone = ZoneOf("Europe/London");
  return zone;
}

event::v1::When WhenOf(const std::string& text) {
  event::v1::When when;
  if (text.size() == 10) {
    when.set_day(text);
  } else {
    when.mutable_instant()->set_seconds(absl::ToUnixSeconds(At(text)));
  }
  return when;
}

}  // namespace

absl::Time At(const std::string& text) {
  absl::Time t;
  std::string error;
  const char* const format = text.size() == 10 ? "%Y-%m-%d" : "%Y-%m-%d %H:%M";
  EXPECT_TRUE(absl::ParseTime(format, text, London(), &t, &error)) << text << ": " << error;
  return t;
}

std::string TimeText(absl::Time t) {
  if (t == absl::InfiniteFuture()) return "never";
  return absl::FormatTime("%Y-%m-%d %H:%M", t, London());
}

Told::Told(const std::string& what, const std::string& occurred) {
  *open.mutable_occurred() = WhenOf(occurred);
  open.set_agency("council");
  open.set_event_id(what + " " + occurred);
  event::v1::Kind kind;
  if (event::v1::Kind_Parse("KIND_" + absl::AsciiStrToUpper(what), &kind)) {
    open.set_kind(kind);
  } else {
    open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    open.set_milestone(what);
  }
  Recorded(occurred);
}
Told& Told::Recorded(const std::string& when) {
  recorded = At(when.size() == 10 ? when + " 09:00" : when);
  open.mutable_published()->set_seconds(absl::ToUnixSeconds(recorded));
  return *this;
}
Told& Told::By(const std::string& agency) {
  open.set_agency(agency);
  return *this;
}
Told& Told::In(const std::string& matter) {
  open.mutable_matter()->set_agency("gp");
  open.mutable_matter()->set_id(matter);
  return *this;
}
Told& Told::To(const std::string& agency) {
  open.set_to_agency(agency);
  return *this;
}
Told& Told::After(const std::string& matter) {
  open.mutable_continues()->set_agency("gp");
  open.mutable_continues()->set_id(matter);
  return *this;
}
Told& Told::Until(const std::string& when) {
  *open.mutable_until() = WhenOf(when);
  return *this;
}
Told& Told::Reason(const std::string& code) {
  open.set_reason(code);
  return *this;
}
Told& Told::Owner(const std::string& code) {
  open.set_owner(code);
  return *this;
}
Told& Told::Role(const std::string& code) {
  open.set_role(code);
  return *this;
}
Told& Told::Occasion(const std::string& id) {
  open.set_occasion(id);
  return *this;
}
Told& Told::Born(const std::string& month) {
  open.set_birth_month(month);
  return *this;
}
Told& Told::Code(const std::string& field, const std::string& code) {
  event::v1::Field& added = *open.add_fields();
  added.set_name(field);
  added.set_code(code);
  return *this;
}
Told& Told::States(const std::string& field, const std::string& when) {
  event::v1::Field& added = *open.add_fields();
  added.set_name(field);
  *added.mutable_when() = WhenOf(when);
  return *this;
}

Told Correct(const std::string& what, const std::string& was, const std::string& is,
             const std::string& recorded) {
  Told told("correction", is.empty() ? was : is);
  told.Recorded(recorded);
  const Told meant(what, was);
  told.open.set_event_id(absl::StrCat("correction ", recorded));
  event::v1::Correction& corrects = *told.open.mutable_corrects();
  corrects.set_agency("council");
  corrects.set_event_id(meant.open.event_id());
  corrects.set_voids(is.empty());
  if (is.empty()) return told;
  corrects.set_kind(meant.open.kind());
  corrects.set_milestone(meant.open.milestone());
  return told;
}

Library BookOf(const std::string& text) {
  pathway::v1::Book book;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(absl::StrCat(R"(zone: "Europe/London"
                      agency { id: "council" kind: "council" nation: "wales" }
                      agency { id: "school" kind: "school" nation: "wales" }
                      agency { id: "gp" kind: "surgery" nation: "wales" }
                      agency { id: "scots" kind: "council" nation: "scotland" })",
                                                                         text),
                                                            &book))
      << text;
  const pathway::v1::Book uk = dolen::UkCalendars();
  for (const pathway::v1::Calendar& calendar : uk.calendar()) {
    *book.add_calendar() = calendar;
  }
  return Read({{book, absl::UnixEpoch()}});
}

std::string RuleOf(const std::string& id, const std::string& fields) {
  const bool known = absl::StrContains(fields, "accountable:");
  return absl::StrCat("rule { id: \"", id, "\" level { name: \"overdue\" } ",
                      known ? "" : "accountable: \"agency:council\" ", fields, "}\n");
}

Timeline::Timeline(const std::string& book, std::vector<Told> told, const std::string& until)
    : library_(BookOf(book)), reached_(At(until)) {
  std::stable_sort(told.begin(), told.end(),
                   [](const Told& x, const Told& y) { return x.recorded < y.recorded; });
  Alerts model([](const std::string& root) { return root; });
  auto next = told.begin();
  const absl::Time first = At(TimeText(told.front().recorded).substr(0, 10));
  for (absl::Time t = first; t <= reached_; t += absl::Hours(1)) {
    for (; next != told.end() && next->recorded <= t; ++next) {
      said_.push_back({next->open, ""});
      model.Changed();
      Look(model, next->recorded, false);
    }
    Look(model, t, true);
  }
  EXPECT_EQ(next, told.end()) << "the story ends too early";
  clocks_ = Draw(said_, library_);
}

void Timeline::Look(Alerts& model, absl::Time t, bool is_tick) {
  bool several = false;
  for (const auto& [id, versions] : library_.rules) {
    several = several || versions.front().rule.level_size() > 1;
  }
  for (const std::string& line : model.Look({said_, library_, {}, t, is_tick})) {
    std::string text = TimeText(t);
    if (absl::EndsWith(text, "00:00") || absl::EndsWith(text, "09:00")) text.resize(10);
    const size_t hash = line.find(" #");
    const size_t level = line.rfind(' ', hash - 1) + 1;
    const std::string name = several ? line.substr(level, hash - level) + " " : "";
    alerts.push_back(absl::StrCat(line.substr(0, 2), name, text));
  }
}

std::string Timeline::Name(size_t i) const {
  return clocks_.at(i).Name([](const std::string& root) { return root; });
}
std::string Timeline::StateOn(const std::string& when, size_t i) const {
  return StateAt(clocks_.at(i), At(when));
}
std::string Timeline::Last(size_t i) const {
  const absl::Time due = clocks_.at(i).due;
  if (due == absl::InfiniteFuture()) return "never";
  return TimeText(due - absl::Microseconds(1)).substr(0, 10);
}
std::string Timeline::Breached(size_t i) const {
  return TimeText(BreachesOf(clocks_, said_, library_).at(i));
}
std::map<std::string, absl::Duration> Timeline::Shares(size_t i) const {
  return SharesOf(clocks_.at(i), library_, reached_);
}

}  // namespace dolen::second
