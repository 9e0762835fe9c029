#include "deploy/program/alert_page.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "connectors/http/target.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Alert;

// Welsh: drafts, to be reviewed by a fluent speaker with knowledge of safeguarding.
struct Words {
  absl::string_view cy, en;
};
constexpr Words kAlert = {"Rhybudd", "Alert"};
constexpr Words kState = {"Cyflwr", "State"};
constexpr Words kDue = {"Terfyn amser", "Due"};
constexpr Words kAccountable = {"Atebol", "Accountable"};
constexpr Words kFor = {"I sylw", "For"};
constexpr Words kSource = {"Ffynhonnell", "Source"};
constexpr Words kTrail = {"Hanes", "What was said and done"};
constexpr Words kAnswer = {"Ateb", "Answer"};
constexpr Words kBy = {"Eich enw", "Your name"};
constexpr Words kNote = {"Nodyn", "Note"};
constexpr Words kHours = {"Awr", "Hours"};
constexpr Words kTo = {"I bwy", "To whom"};
constexpr Words kAcknowledge = {"Wedi gweld", "Acknowledge"};
constexpr Words kSnooze = {"Atgoffa eto", "Snooze"};
constexpr Words kAssign = {"Trosglwyddo", "Assign"};
constexpr Words kResolve = {"Wedi'i ddatrys", "Settled"};

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string Both(const Words& words) {
  return absl::StrCat("<span lang=\"cy\">", Escaped(words.cy), "</span> / ", Escaped(words.en));
}

// In the words of people in Wales: "Tue 30 Dec 2025 00:00".
std::string LocalTime(absl::Time time) {
  absl::TimeZone london;
  if (!absl::LoadTimeZone("Europe/London", &london)) london = absl::UTCTimeZone();
  return absl::FormatTime("%a %d %b %Y %H:%M", time, london);
}

std::string Html(absl::string_view title, absl::string_view body) {
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"robots\" content=\"noindex\"><title>",
      Escaped(title),
      "</title><style>body{font:1rem/1.5 arial,sans-serif;max-width:44rem;margin:2rem auto;"
      "padding:0 1rem;color:#0b0c0c}dt{font-weight:bold}dd{margin:0 0 .6rem}label{display:block;"
      "margin:.6rem 0 .2rem}input{font:inherit;padding:.3rem;width:100%;max-width:24rem;"
      "box-sizing:border-box}button{font:inherit;margin:.8rem .4rem 0 0;padding:.5rem .9rem}"
      ".said{border-left:.4rem solid #1d70b8;padding:.5rem 1rem;background:#f3f2f1}"
      "li{margin:.3rem 0}</style></head><body>",
      body, "</body></html>\n");
}

std::string Row(const Words& label, absl::string_view value) {
  if (value.empty()) return "";
  return absl::StrCat("<dt>", Both(label), "</dt><dd>", Escaped(value), "</dd>");
}

std::string Facts(const Alert& alert) {
  std::string state = StateText(alert.state());
  if (alert.has_answer()) {
    absl::StrAppend(&state, " – ", LocalTime(FromTimestamp(alert.answer().until())));
  }
  std::string to;
  for (const std::string& one : alert.to()) absl::StrAppend(&to, to.empty() ? "" : ", ", one);
  if (!alert.assigned_to().empty()) to = alert.assigned_to();
  return absl::StrCat("<dl>", Row(kState, absl::StrCat(alert.level(), ", ", state)),
                      Row(kDue, LocalTime(FromTimestamp(alert.due()))),
                      Row(kAccountable, alert.accountable()), Row(kFor, to),
                      Row(kSource, SourceText(alert.source())), Row(kAlert, alert.alert_id()),
                      "</dl>");
}

std::string Field(const char* name, const Words& label, absl::string_view attributes) {
  return absl::StrCat("<label for=\"", name, "\">", Both(label), "</label><input id=\"", name,
                      "\" name=\"", name, "\" ", attributes, ">");
}

std::string Button(const char* did, const Words& words) {
  return absl::StrCat("<button name=\"did\" value=\"", did, "\">", Both(words), "</button>");
}

std::string Form(absl::string_view link) {
  return absl::StrCat("<h2>", Both(kAnswer), "</h2><form method=\"post\" action=\"", Escaped(link),
                      "\">", Field("by", kBy, "required maxlength=\"128\" autocomplete=\"name\""),
                      Field("note", kNote, "maxlength=\"2000\""),
                      Field("hours", kHours, "type=\"number\" min=\"1\" max=\"168\" value=\"2\""),
                      Field("to", kTo, "maxlength=\"128\" placeholder=\"agency/team\""), "<div>",
                      Button("acknowledged", kAcknowledge), Button("snoozed", kSnooze),
                      Button("assigned", kAssign), Button("resolved", kResolve), "</div></form>");
}

std::string Value(const HttpRequest& form, const std::string& name) {
  const auto found = form.query.find(name);
  return found == form.query.end() ? "" : std::string(absl::StripAsciiWhitespace(found->second));
}

}  // namespace

std::string AlertPage(const AlertFile& file, absl::string_view link, absl::string_view said) {
  const Alert& alert = file.alert;
  std::string body;
  if (!said.empty()) absl::StrAppend(&body, "<p class=\"said\">", Escaped(said), "</p>");
  absl::StrAppend(&body, "<h1><span lang=\"cy\">", Escaped(alert.title_cy()), "</span><br>",
                  Escaped(alert.title_en()), "</h1>", Facts(alert));
  const bool is_open =
      alert.state() != alert::v1::STATE_CLEARED && alert.state() != alert::v1::STATE_WITHDRAWN;
  if (is_open) absl::StrAppend(&body, Form(link));
  absl::StrAppend(&body, "<h2>", Both(kTrail), "</h2><ul>");
  for (const TrailLine& line : file.trail) {
    absl::StrAppend(&body, "<li>", Escaped(TrailLineText(line)), "</li>");
  }
  absl::StrAppend(&body, "</ul>");
  return Html(absl::StrCat("Dolen: ", alert.level(), ", ", alert.title_en()), body);
}

absl::StatusOr<Deed> DeedOfForm(const HttpRequest& posted, const AlertName& alert, absl::Time now) {
  HttpRequest form;  // a form is written as a query is
  DOLEN_RETURN_IF_ERROR(ParseTarget(absl::StrCat("/?", posted.body), form));
  Deed deed;
  deed.alerts = {alert.alert_id};
  deed.action.set_by(Value(form, "by"));
  deed.action.set_note(Value(form, "note"));
  const std::string did = absl::AsciiStrToUpper(Value(form, "did"));
  Action::Kind kind;
  if (!Action::Kind_Parse(absl::StrCat("KIND_", did), &kind) || kind == 0) {
    return absl::InvalidArgumentError("The form does not say what was done.");
  }
  deed.action.set_kind(kind);
  if (kind == Action::KIND_SNOOZED) {
    int hours = 0;
    if (!absl::SimpleAtoi(Value(form, "hours"), &hours) || hours < 1) {
      return absl::InvalidArgumentError("Write for how many hours.");
    }
    *deed.action.mutable_until() = ToTimestamp(now + absl::Hours(hours));
  }
  if (kind == Action::KIND_ASSIGNED) deed.action.set_to(Value(form, "to"));
  return deed;
}

std::string PlainPage(absl::string_view title, absl::string_view sentence) {
  return Html(title, absl::StrCat("<h1>", Escaped(title), "</h1><p>", Escaped(sentence), "</p>"));
}

}  // namespace dolen
