// What tells nothing of any child: who I am, the rules in force, and what there is to ask.
#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "deploy/api/api.h"
#include "deploy/api/routes.h"
#include "deploy/api/words.h"
#include "deploy/program/routes.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/explain.h"
#include "engine/store/facts.h"
#include "nlohmann/json.hpp"
#include "projections/timeline/timeline.h"

namespace dolen {

extern const char kOpenApi[];

namespace {

using Json = nlohmann::ordered_json;

struct Page {
  const char* name;
  Asked asked;
};
constexpr Page kPages[] = {{"worklist", Asked::kLists},  {"children", Asked::kChild},
                           {"handovers", Asked::kLists}, {"alerts", Asked::kLists},
                           {"numbers", Asked::kNumbers}, {"audit", Asked::kReads}};

Json MeJson(const Caller& caller) {
  Json json = {{"subject", caller.subject},
               {"agency", caller.agency},
               {"roles", Json::array()},
               {"teams", std::vector<std::string>(caller.teams.begin(), caller.teams.end())},
               {"purposes", Json::array()},
               {"pages", Json::array()},
               {"until", Rfc3339(caller.until)}};
  for (const Role role : caller.roles) json["roles"].push_back(std::string(RoleName(role)));
  const std::vector<Purpose> purposes = PurposesOf(caller);
  for (const Purpose one : purposes) json["purposes"].push_back(std::string(PurposeName(one)));
  for (const Page& page : kPages) {
    const bool is_open = std::any_of(purposes.begin(), purposes.end(), [&](Purpose purpose) {
      return MayAsk(caller, purpose, page.asked) != Reach::kNothing;
    });
    if (is_open) json["pages"].push_back(page.name);
  }
  json["pages"].push_back("rules");
  return json;
}

std::string Explained(const pathway::v1::Rule& rule, Language language) {
  std::string text;
  for (const Item& item : ExplainRule(rule, language)) {
    for (const Line& line : item.lines) {
      absl::StrAppend(&text, text.empty() ? "" : "\n", std::string(2 * line.depth, ' '),
                      line.depth == 0 ? absl::StrCat(item.label, ": ") : "", line.text);
    }
  }
  return text;
}

Json RuleJson(const RuleVersion& version) {
  const pathway::v1::Rule& rule = version.rule;
  return {
      {"rule", rule.id()},
      {"title", {{"en", rule.title().en()}, {"cy", rule.title().cy()}}},
      {"book_version", version.book_version},
      {"weight", WeightText(rule)},
      {"accountable", rule.accountable()},
      {"source", SourceText(rule.source())},
      {"address", rule.source().address()},
      {"valid_from", rule.valid_from()},
      {"valid_to", rule.valid_to()},
      {"explained",
       {{"en", Explained(rule, Language::kEnglish)}, {"cy", Explained(rule, Language::kWelsh)}}}};
}

// The versions that judge a start on `day`, by rule; several where scopes differ.
Json RulesJson(const Books& books, absl::CivilDay day) {
  Json rules = Json::array();
  for (const RuleFamily& family : books.families()) {
    for (const RuleVersion& version : family.versions) {
      if (version.Judges(day)) rules.push_back(RuleJson(version));
    }
  }
  return rules;
}

absl::StatusOr<std::string> BooksJson(const Glances& glances) {
  const absl::Time reached = glances.Reached();
  const absl::Time at = reached == absl::InfinitePast() ? absl::UnixEpoch() : reached;
  const Books& books = glances.books();
  Json json = {{"at", Rfc3339(at)}, {"books", Json::array()}};
  DOLEN_ASSIGN_OR_RETURN(const std::vector<PublishedBook> published,
                         ReadBooks(glances.shards.front().rows()));
  for (const PublishedBook& one : published) {
    json["books"].push_back({{"book", one.book.id()},
                             {"version", one.book.version()},
                             {"published", Rfc3339(one.recorded)},
                             {"rules", one.book.rule_size()}});
  }
  json["rules"] = RulesJson(books, books.zone().DayOf(at));
  return json.dump() + "\n";
}

absl::StatusOr<std::string> WordsJson(const Glances& glances) {
  DOLEN_ASSIGN_OR_RETURN(const auto words, WordsOf(glances));
  Json json = {{"words", Json::array()}};
  for (const auto& [code, title] : words) {
    json["words"].push_back({{"code", code}, {"title", {{"en", title.en()}, {"cy", title.cy()}}}});
  }
  return json.dump() + "\n";
}

HttpResponse Tagged(HttpResponse response) {
  response.headers["etag"] = StrongEtag(response.body);
  response.headers["vary"] = "authorization";
  return response;
}

// Explaining a book costs more than anything else here, and a book changes a few times a year.
class BooksAtHand {
 public:
  using Maker = absl::StatusOr<std::string> (*)(const Glances& glances);
  explicit BooksAtHand(Maker make) : make_(make) {}

  absl::StatusOr<std::string> Of(const Glances& glances) {
    const absl::Time reached = glances.Reached();
    const std::pair<int, absl::CivilDay> name(glances.books().publications(),
                                              glances.books().zone().DayOf(reached));
    const std::lock_guard<std::mutex> lock(mutex_);
    if (text_.empty() || name != name_) {
      DOLEN_ASSIGN_OR_RETURN(text_, make_(glances));
      name_ = name;
    }
    return text_;
  }

 private:
  const Maker make_;
  std::mutex mutex_;
  std::pair<int, absl::CivilDay> name_;
  std::string text_;
};

// A question about the books, for whoever has a token.
void AddOfBooks(Api& api, Gate& gate, absl::string_view path, BooksAtHand::Maker make,
                Router& router) {
  const auto books = std::make_shared<BooksAtHand>(make);
  router.Add("GET", path, [&api, &gate, books](const HttpRequest& request, const PathArguments&) {
    const absl::StatusOr<Caller> caller = gate.WhoAsks(request, api.Now());
    if (!caller.ok()) return ResponseOf(caller.status());
    const absl::StatusOr<Glances> glances = api.readings().Take(QueryOf(request, "min_position"));
    if (!glances.ok()) return ResponseOf(glances.status());
    absl::StatusOr<std::string> text = books->Of(*glances);
    if (!text.ok()) return ResponseOf(text.status());
    HttpResponse response = Tagged(JsonResponse(*std::move(text)));
    response.headers["dolen-position"] = glances->Position();
    return response;
  });
}

}  // namespace

void AddOpen(Api& api, Gate& gate, Router& router) {
  router.Add("GET", "/openapi.json",
             [](const HttpRequest&, const PathArguments&) { return JsonResponse(kOpenApi); });
  router.Add("GET", "/v1/me", [&api, &gate](const HttpRequest& request, const PathArguments&) {
    const absl::StatusOr<Caller> caller = gate.WhoAsks(request, api.Now());
    if (!caller.ok()) return ResponseOf(caller.status());
    return Tagged(JsonResponse(MeJson(*caller).dump() + "\n"));
  });
  AddOfBooks(api, gate, "/v1/rules", BooksJson, router);
  AddOfBooks(api, gate, "/v1/words", WordsJson, router);
}

}  // namespace dolen
