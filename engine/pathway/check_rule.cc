// What is checked of rules, but for their patterns and limits.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/names.h"
#include "engine/base/time.h"
#include "engine/pathway/check.h"

namespace dolen {
namespace {

using pathway::v1::Level;
using pathway::v1::Pattern;
using pathway::v1::Rule;

constexpr absl::string_view kParties =
    "\"starter\", \"asked\", \"asker\", \"holder\", \"role:R\", \"kind:K\" or \"agency:A\"";

bool HoldsInWales(const Rule& rule) {
  return rule.scope().empty() ||
         std::any_of(rule.scope().begin(), rule.scope().end(), [](const std::string& scope) {
           return scope == "nation:wales" || !absl::StartsWith(scope, "nation:");
         });
}

}  // namespace

void Checker::CheckRule(const Rule& rule, const Spot& spot) {
  if (rule.id().empty()) {
    Error(spot.At("id"), "the rule has no id; write id: \"W-CORE-1\" or the like");
  }
  current_rule_ = &rule;
  CheckWhen(rule, spot);
  CheckScope(rule, spot);
  CheckOpening(rule, spot);
  for (int i = 0; i < rule.pause_size(); ++i) CheckPause(rule, rule.pause(i), spot.At("pause", i));
  CheckExcuser(rule, spot.At("exception_by"));
  CheckLimits(rule, spot);
  CheckAccountable(rule, spot);
  CheckLevels(rule, spot);
  CheckText(rule, spot);
}

void Checker::CheckWhen(const Rule& rule, const Spot& spot) {
  const bool from_ok = CheckDay(rule.valid_from(), spot.At("valid_from"));
  const bool to_ok = CheckDay(rule.valid_to(), spot.At("valid_to"));
  absl::CivilDay from, to;
  if (from_ok && to_ok && ParseDay(rule.valid_from(), from) && ParseDay(rule.valid_to(), to) &&
      from >= to) {
    Error(spot.At("valid_to"),
          absl::StrCat("the rule judges no day: valid_to ", rule.valid_to(),
                       " is the first day no longer judged and must be after valid_from ",
                       rule.valid_from()));
  }
}

void Checker::CheckScope(const Rule& rule, const Spot& spot) {
  for (int i = 0; i < rule.scope_size(); ++i) {
    const Spot place = spot.At("scope", i);
    absl::string_view scope = rule.scope(i);
    if (absl::ConsumePrefix(&scope, "agency:")) {
      CheckAgencyName(scope, place);
    } else if (absl::ConsumePrefix(&scope, "nation:")) {
      if (!IsNation(scope)) {
        Error(place, absl::StrCat("\"", scope,
                                  "\" is not a nation; write \"nation:england\", "
                                  "\"nation:wales\", \"nation:scotland\" or "
                                  "\"nation:northern_ireland\""));
      }
    } else if (!absl::ConsumePrefix(&scope, "authority:") || scope.empty()) {
      Error(place, absl::StrCat("\"", rule.scope(i),
                                "\" is not a scope; write \"agency:A\", "
                                "\"nation:wales\" or \"authority:W06000015\""));
    }
  }
}

void Checker::CheckOpening(const Rule& rule, const Spot& spot) {
  CheckKey(rule, spot);
  CheckOpens(rule, spot);
  if (rule.start_size() == 0) {
    Error(spot.At("id"), "the rule has no start and can never run; write start { is: \"...\" }");
  }
  for (int i = 0; i < rule.start_size(); ++i) CheckOpener(rule.start(i), spot.At("start", i));
  if (rule.stop_size() == 0 && rule.done_before()) {
    Warn(spot.At("done_before"),
         "the rule has no stop that could come before the start; write stop { is: \"...\" } or "
         "leave done_before out");
  } else if (rule.stop_size() == 0) {
    Warn(spot.At("id"),
         "the rule has no stop: no event ever meets it; write stop { is: \"...\" } unless the duty "
         "just lapses");
  }
  for (int i = 0; i < rule.stop_size(); ++i) CheckOpener(rule.stop(i), spot.At("stop", i));
  if (rule.has_cancel()) CheckOpener(rule.cancel(), spot.At("cancel"));
}

void Checker::CheckKey(const Rule& rule, const Spot& spot) {
  const auto has = [&](absl::string_view per) {
    return std::find(rule.per().begin(), rule.per().end(), per) != rule.per().end();
  };
  for (int i = 0; i < rule.per_size(); ++i) {
    const std::string& per = rule.per(i);
    const Spot place = spot.At("per", i);
    if (!IsSnakeCase(per)) {
      Error(place, absl::StrCat("\"", per,
                                "\" is no key; write \"matter\", \"child\", \"thread\", "
                                "\"agency\" or the name of a field, in lower_snake_case"));
    }
    for (int j = 0; j < i; ++j) {
      if (rule.per(j) == per) {
        Error(place, absl::StrCat("\"", per, "\" is named twice; leave one out"));
      }
    }
    if (per == "child" && rule.per_size() > 1) {
      Warn(place, "every clock is about one child, so \"child\" adds nothing; leave it out");
    }
    if (per == "thread" && has("matter")) {
      Warn(place, "every matter is in one thread, so \"thread\" adds nothing; leave it out");
    }
  }
}

void Checker::CheckOpens(const Rule& rule, const Spot& spot) {
  if (rule.opens() == Rule::AGAIN && rule.stop_size() == 0 && !rule.has_cancel()) {
    Warn(spot.At("opens"),
         "nothing closes the clock, so no other one is ever opened; write a stop or cancel, or "
         "leave opens out");
  }
  if (rule.opens() != Rule::EACH) return;
  if (rule.start_size() > 1) {
    Error(spot.At("start", 1),
          "opens: EACH gives one clock for each start event, so it has one start; join them with "
          "or, or leave opens out");
  }
  if (rule.which() == Rule::LAST) {
    Error(spot.At("which"), "opens: EACH gives each start its own clock; leave which out");
  }
  if (rule.done_before() && rule.stop_size() > 0) {
    Warn(spot.At("done_before"),
         "with opens: EACH one stop meets every later clock of the key as it starts; leave "
         "done_before out, or write opens: AGAIN, where a stop counts for one clock only");
  }
}

void Checker::CheckExcuser(const Rule& rule, const Spot& spot) {
  const std::string& by = rule.exception_by();
  if (by.empty()) return;
  if (rule.limit_size() == 0) {
    Warn(spot, "the rule has no limit, so there is nothing to excuse; leave exception_by out");
  }
  absl::string_view role = by;
  if (by == "starter" || by == "holder") return;
  if (by == "asked" || by == "asker" || absl::StartsWith(by, "agency:") ||
      absl::StartsWith(by, "kind:") || absl::ConsumePrefix(&role, "role:")) {
    CheckBy(by, spot);
    return;
  }
  Error(spot, absl::StrCat("\"", by, "\" says not who may authorise an exception; write ", kParties,
                           " (\"role:R\" is the role in which the event is said)"));
}

void Checker::CheckAccountable(const Rule& rule, const Spot& spot) {
  const Spot place = spot.At("accountable");
  if (rule.accountable().empty()) {
    Error(place, absl::StrCat("nobody is accountable; write ", kParties));
    return;
  }
  CheckParty(rule.accountable(), place);
  if (rule.accountable() == "starter" && rule.start_size() > 0 && StartsWithMomentsOnly(rule)) {
    Warn(place,
         "the rule starts with a moment, which nobody starts; write \"asked\", \"asker\", "
         "\"holder\", \"role:R\", \"kind:K\" or \"agency:A\"");
  }
}

void Checker::CheckParty(absl::string_view party, const Spot& spot) {
  if (party == "starter" || party == "asked" || party == "asker" || party == "holder") return;
  const std::string all(party);
  if (absl::ConsumePrefix(&party, "agency:")) {
    CheckAgencyName(party, spot);
  } else if ((absl::ConsumePrefix(&party, "role:") || absl::ConsumePrefix(&party, "kind:")) &&
             !party.empty()) {
    return;
  } else {
    Error(spot, absl::StrCat("\"", all, "\" says not who; write ", kParties));
  }
}

void Checker::CheckLevels(const Rule& rule, const Spot& spot) {
  if (rule.level_size() > 0 && rule.limit_size() + rule.target_size() == 0) {
    Warn(spot.At("level", 0),
         "the rule has no limit, so it is never due and no level is ever reached; leave the levels "
         "out or add a limit");
  }
  if (rule.level_size() == 0 && rule.limit_size() > 0) {
    Warn(spot.At("limit", 0),
         "nobody is told when this is late; write level { name: \"overdue\" audience: \"...\" }");
  }
  for (int i = 0; i < rule.level_size(); ++i) {
    const Level& level = rule.level(i);
    const Spot place = spot.At("level", i);
    CheckLevel(level, place);
    for (int j = 0; j < i; ++j) {
      if (rule.level(j).name() == level.name() && !level.name().empty()) {
        Error(place.At("name"), absl::StrCat("level \"", level.name(),
                                             "\" is in this rule twice; an alert is known by its "
                                             "level's name, so give it another"));
        break;
      }
    }
    if (level.of_target() && rule.target_size() == 0) {
      Error(place.At("of_target"),
            "the rule has no target to measure from; write target { allow { ... } } or leave "
            "of_target out");
    }
    if (!level.of_target() && rule.limit_size() == 0 && rule.target_size() > 0) {
      Warn(place, "the rule has no limit to measure from; write of_target: true");
    }
    if (i > 0 && level.of_target() == rule.level(i - 1).of_target() &&
        NominalMinutes(level.offset()) < NominalMinutes(rule.level(i - 1).offset())) {
      Error(place, absl::StrCat("level \"", level.name(), "\" comes before level \"",
                                rule.level(i - 1).name(),
                                "\" in time; write the levels in order of their offset"));
    }
  }
}

void Checker::CheckLevel(const Level& level, const Spot& spot) {
  if (!IsSnakeCase(level.name())) {
    Error(spot.At("name"),
          absl::StrCat(level.name().empty() ? "the level has no name"
                                            : "a level's name is written in lower_snake_case",
                       "; write \"due_soon\", \"overdue\" or one of the book's own"));
  }
  if (level.has_ack_expires()) CheckAmount(level.ack_expires(), false, spot.At("ack_expires"));
  if (level.has_offset()) {
    if (CheckAmount(level.offset(), true, spot.At("offset"))) {
      CheckCalendarFor(level.offset(), "this level is never reached", spot.At("offset"));
    }
    if (level.offset().has_school_openings()) {
      Error(spot.At("offset"),
            "a level is not counted in openings; write hours or school_days, or another unit");
    }
    if (level.name() == "overdue" && !level.of_target()) {
      Error(spot.At("offset"),
            "\"overdue\" is the due time itself and has no offset; leave it out, or give the level "
            "another name");
    }
  }
  if (level.name() == "due_soon" && NominalMinutes(level.offset()) >= 0) {
    Warn(spot, "\"due_soon\" is not before due; write offset { working_days: -1 } or the like");
  }
  for (int i = 0; i < level.audience_size(); ++i) {
    CheckAudience(level.audience(i), spot.At("audience", i));
  }
}

// A party, or one of its teams: "asker", "asker/managers".
void Checker::CheckAudience(absl::string_view audience, const Spot& spot) {
  if (audience.empty()) {
    Error(spot, "the audience is empty; write whom to tell");
    return;
  }
  const size_t slash = audience.find('/');
  CheckParty(audience.substr(0, slash), spot);
  if (slash != absl::string_view::npos && !IsSnakeCase(audience.substr(slash + 1))) {
    Error(spot, absl::StrCat("\"", audience,
                             "\": a team is written behind its party in lower_snake_case, for "
                             "example \"holder/managers\""));
  }
}

void Checker::CheckText(const Rule& rule, const Spot& spot) {
  if (rule.title().en().empty()) {
    Warn(spot.At("title"), "the rule has no English title; write title { cy: \"...\" en: \"...\" }",
         Finding::kTranslation);
  }
  // Where a rule holds outside Wales only, nobody there must be told in Welsh.
  if (rule.title().cy().empty()) {
    Warn(spot.At("title"), "the rule has no Welsh title; write title { cy: \"...\" en: \"...\" }",
         HoldsInWales(rule) ? Finding::kTranslation : Finding::kNothing);
  }
  if (rule.source().title().empty()) {
    Warn(spot.At("source"),
         "the rule does not say where it comes from; write source { title: \"...\" paragraph: "
         "\"...\" address: \"...\" }");
  }
  if (rule.percent_in_time() > 100) {
    Error(spot.At("percent_in_time"), "a share of more than 100 percent; write 0 to 100");
  } else if (rule.percent_in_time() > 0 && rule.limit_size() == 0) {
    Warn(spot.At("percent_in_time"),
         "the rule has no limit, so nothing is ever in time; add a limit or leave it out");
  }
  for (int i = 0; i < rule.level_size(); ++i) {
    if (rule.weight() != Rule::ADVISORY || rule.level(i).audience().empty()) continue;
    Warn(spot.At("level", i),
         "the rule is advisory and pages nobody, yet this level has an audience; give the rule a "
         "weight (STATUTE, GUIDANCE or LOCAL) or leave the audience out");
  }
}

}  // namespace dolen
