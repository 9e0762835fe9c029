#include "connectors/alerting/alertmanager_form.h"

#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "connectors/alerting/facts.h"
#include "connectors/alerting/message.h"
#include "connectors/alerting/words.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using alert::v1::Alert;
using Json = nlohmann::ordered_json;

// "due_soon" -> "DueSoon".
std::string CamelCase(absl::string_view snake) {
  std::string camel;
  for (absl::string_view part : absl::StrSplit(snake, '_', absl::SkipEmpty())) {
    camel.push_back(absl::ascii_toupper(static_cast<unsigned char>(part[0])));
    absl::StrAppend(&camel, part.substr(1));
  }
  return camel;
}

std::string AlertName(const Alert& alert) {
  const bool is_step =
      alert.about() == alert::v1::ABOUT_DEADLINE || alert.about() == alert::v1::ABOUT_UNSPECIFIED;
  return absl::StrCat("Dolen", CamelCase(is_step ? alert.level() : AboutName(alert.about())));
}

std::string HouseholdOf(const Alert& alert) {
  if (!alert.household().empty()) return alert.household();
  const std::string child = ShortChild(alert);
  return child.empty() ? absl::StrCat("agency-", alert.silent_agency())
                       : absl::StrCat("child-", child);
}

std::string InLanguages(routing::v1::Team::Language language, absl::string_view between,
                        const std::function<std::string(Language)>& words) {
  std::vector<std::string> texts;
  for (const Language one : LanguagesOf(language)) texts.push_back(words(one));
  return absl::StrJoin(texts, between);
}

std::string DescriptionOf(const Notice::Item& item, absl::TimeZone zone, Language language) {
  std::vector<std::string> lines;
  for (const Fact& fact : FactsOf(item, zone, language)) {
    lines.push_back(absl::StrCat(fact.label, ": ", fact.value));
  }
  return absl::StrJoin(lines, "\n");
}

}  // namespace

Posted PostedOf(const Notice::Item& item, absl::TimeZone zone,
                routing::v1::Team::Language language) {
  const Alert& alert = item.alert;
  Posted posted;
  posted.labels = {
      {"alertname", AlertName(alert)},
      {"alert_id", alert.alert_id()},
      {"rule", alert.rule()},
      {"level", alert.level()},
      {"weight", alert.weight()},
      {"about", std::string(AboutName(alert.about()))},
      {"severity", std::string(GravityName(GravityOf(alert)))},
      {"agency", alert.accountable()},
      {"team", absl::StrJoin(alert.to(), ",")},
      {"household", HouseholdOf(alert)},
  };
  const absl::Time due = DueOf(alert);
  std::string answer;
  if (alert.has_answer()) {
    answer =
        InLanguages(language, " / ", [&](Language one) { return AnswerWords(alert, zone, one); });
  }
  posted.annotations = {
      {"summary", InLanguages(language, " / ", [&](Language one) { return Headline(alert, one); })},
      {"description",
       InLanguages(language, "\n\n", [&](Language one) { return DescriptionOf(item, zone, one); })},
      {"answer", answer},
      {"due", due == absl::InfiniteFuture() ? "" : Rfc3339(due)},
      {"link", item.link},
      {"book_version", alert.book_version()},
      {"source", SourceWords(alert, LanguagesOf(language).front())},
      {"source_address", alert.source().address()},
      {"assigned_to", alert.assigned_to()},
      {"state", std::string(StateName(alert.state()))},
  };
  posted.starts = SinceOf(alert);
  posted.link = item.link;
  return posted;
}

Posted PostedOf(const Notice& notice) {
  Posted posted;
  posted.labels = {{"alertname", absl::StrCat("Dolen", CamelCase(KindName(notice.kind)))},
                   {"severity", "info"},
                   {"team", notice.team}};
  posted.annotations = {{"summary", Headline(notice)},
                        {"description", InLanguages(notice.language, "\n\n", [&](Language one) {
                           return NoteOf(notice, one);
                         })}};
  posted.starts = notice.at;
  return posted;
}

std::string BodyOf(const std::vector<Posted>& posted) {
  const auto shown = [](const std::map<std::string, std::string>& pairs) {
    Json json = Json::object();
    for (const auto& [name, value] : pairs) {
      if (!value.empty()) json[name] = value;  // Alertmanager drops empty ones itself
    }
    return json;
  };
  Json alerts = Json::array();
  for (const Posted& one : posted) {
    Json& json = alerts.emplace_back();
    json["labels"] = shown(one.labels);
    json["annotations"] = shown(one.annotations);
    json["startsAt"] = Rfc3339(one.starts);
    json["endsAt"] = Rfc3339(one.ends);
    if (!one.link.empty()) json["generatorURL"] = one.link;
  }
  return alerts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dolen
