#include "deploy/program/alert_page.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/alerting/mime.h"
#include "connectors/alerting/words.h"
#include "connectors/http/target.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Alert;

// What only a page says; what alerts say everywhere is in words.h. Like there, drafts.
constexpr Phrase kTrail = {"Hanes", "What was said and done"};
constexpr Phrase kBy = {"Eich enw", "Your name"};
constexpr Phrase kNote = {"Nodyn", "Note"};
constexpr Phrase kHours = {"Awr", "Hours"};
constexpr Phrase kTo = {"I bwy", "To whom"};
constexpr Phrase kAcknowledge = {"Wedi gweld", "Acknowledge"};
constexpr Phrase kSnooze = {"Atgoffa eto", "Snooze"};
constexpr Phrase kAssign = {"Trosglwyddo", "Assign"};
constexpr Phrase kResolve = {"Wedi'i ddatrys", "Settled"};

std::string Both(absl::string_view cy, absl::string_view en, absl::string_view between) {
  return absl::StrCat("<span lang=\"cy\">", HtmlEscaped(cy), "</span>", between, HtmlEscaped(en));
}
std::string Both(const Phrase& words) { return Both(words.cy, words.en, " / "); }

// In both languages, by the clocks of Wales.
std::string Both(absl::Time time) {
  absl::TimeZone london;
  if (!absl::LoadTimeZone("Europe/London", &london)) london = absl::UTCTimeZone();
  return Both(TimeWords(time, london, Language::kWelsh),
              TimeWords(time, london, Language::kEnglish), " / ");
}

std::string Html(absl::string_view title, absl::string_view body) {
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"robots\" content=\"noindex\"><title>",
      HtmlEscaped(title),
      "</title><style>body{font:1rem/1.5 arial,sans-serif;max-width:44rem;margin:2rem auto;"
      "padding:0 1rem;color:#0b0c0c}dt{font-weight:bold}dd{margin:0 0 .6rem}label{display:block;"
      "margin:.6rem 0 .2rem}input{font:inherit;padding:.3rem;width:100%;max-width:24rem;"
      "box-sizing:border-box}button{font:inherit;margin:.8rem .4rem 0 0;padding:.5rem .9rem}"
      ".said{border-left:.4rem solid #1d70b8;padding:.5rem 1rem;background:#f3f2f1}"
      "li{margin:.3rem 0}</style></head><body>",
      body, "</body></html>\n");
}

// `html` is shown as it is.
std::string Row(Word label, absl::string_view html) {
  if (html.empty()) return "";
  return absl::StrCat("<dt>", Both(PhraseOf(label)), "</dt><dd>", html, "</dd>");
}

std::string Facts(const Alert& alert) {
  std::string status =
      absl::StrCat(HtmlEscaped(alert.level()), ", ", Both(PhraseOf(StatusWord(alert))));
  if (alert.has_answer()) {
    absl::StrAppend(&status, "; ", Both(PhraseOf(Word::kUntil)), " ",
                    Both(FromTimestamp(alert.answer().until())));
  }
  return absl::StrCat("<dl>", Row(Word::kStatus, status),
                      Row(Word::kDue, Both(FromTimestamp(alert.due()))),
                      Row(Word::kAccountable, HtmlEscaped(alert.accountable())),
                      Row(Word::kFor, HtmlEscaped(absl::StrJoin(alert.to(), ", "))),
                      Row(Word::kAssignedTo, HtmlEscaped(alert.assigned_to())),
                      Row(Word::kSource, HtmlEscaped(SourceText(alert.source()))),
                      Row(Word::kAlert, HtmlEscaped(alert.alert_id())), "</dl>");
}

std::string Field(const char* name, const Phrase& label, absl::string_view attributes) {
  return absl::StrCat("<label for=\"", name, "\">", Both(label), "</label><input id=\"", name,
                      "\" name=\"", name, "\" ", attributes, ">");
}

std::string Button(const char* did, const Phrase& words) {
  return absl::StrCat("<button name=\"did\" value=\"", did, "\">", Both(words), "</button>");
}

std::string Form(absl::string_view link) {
  return absl::StrCat("<h2>", Both(PhraseOf(Word::kAnswer)), "</h2><form method=\"post\" action=\"",
                      HtmlEscaped(link), "\">",
                      Field("by", kBy, "required maxlength=\"128\" autocomplete=\"name\""),
                      Field("note", kNote, "maxlength=\"2000\""),
                      Field("hours", kHours, "type=\"number\" min=\"1\" max=\"168\" value=\"2\""),
                      Field("to", kTo, "maxlength=\"128\" placeholder=\"agency/team\""), "<div>",
                      Button("acknowledged", kAcknowledge), Button("snoozed", kSnooze),
                      Button("assigned", kAssign), Button("resolved", kResolve), "</div></form>");
}

std::string Value(const HttpRequest& form, const std::string& name) {
  return std::string(absl::StripAsciiWhitespace(QueryOf(form, name)));
}

}  // namespace

std::string AlertPage(const AlertFile& file, absl::string_view link, absl::string_view said) {
  const Alert& alert = file.alert;
  std::string body;
  if (!said.empty()) absl::StrAppend(&body, "<p class=\"said\">", HtmlEscaped(said), "</p>");
  absl::StrAppend(
      &body, "<h1>",
      Both(TitleOf(alert, Language::kWelsh), TitleOf(alert, Language::kEnglish), "<br>"), "</h1>",
      Facts(alert));
  const bool is_open =
      alert.state() != alert::v1::STATE_CLEARED && alert.state() != alert::v1::STATE_WITHDRAWN;
  if (is_open) absl::StrAppend(&body, Form(link));
  absl::StrAppend(&body, "<h2>", Both(kTrail), "</h2><ul>");
  for (const TrailLine& line : file.trail) {
    absl::StrAppend(&body, "<li>", HtmlEscaped(TrailLineText(line)), "</li>");
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
  return Html(title,
              absl::StrCat("<h1>", HtmlEscaped(title), "</h1><p>", HtmlEscaped(sentence), "</p>"));
}

}  // namespace dolen
