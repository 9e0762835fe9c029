// Numbers across children: delay, performance, flow; and when agencies were heard.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "deploy/api/api.h"
#include "deploy/api/routes.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/figures.h"
#include "nlohmann/json.hpp"
#include "projections/delay/delay.h"
#include "projections/figures/clock_table.h"
#include "projections/figures/sheet.h"
#include "projections/flow/flow.h"
#include "projections/performance/performance.h"
#include "projections/sealed/sealed_view.h"
#include "projections/silence/silence.h"
#include "projections/timeline/stored_child.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kUsualMonths = 12;

absl::StatusOr<absl::CivilMonth> MonthOf(const std::string& name, const std::string& text,
                                         absl::CivilMonth otherwise) {
  if (text.empty()) return otherwise;
  absl::CivilDay day;
  if (text.size() == 7 && ParseDay(text + "-01", day)) return absl::CivilMonth(day);
  return absl::InvalidArgumentError(absl::StrCat(name, ": write a month, 2026-03"));
}

// Of the caller's own agency as they are; or of all, for whom small numbers are masked.
absl::StatusOr<FiguresQuery> QueryOf(const Question& question) {
  FiguresQuery query;
  query.agency = question.Of("agency");
  if (question.reach == Reach::kOwnAgency) {
    if (!query.agency.empty() && query.agency != question.caller.agency) {
      return absl::PermissionDeniedError("agency: you may ask for the numbers of your own alone");
    }
    query.agency = question.caller.agency;
  }
  query.rule = question.Of("rule");
  query.by_month = true;
  const absl::Time reached = question.glances.Reached();
  const absl::CivilMonth now =
      reached == absl::InfinitePast()
          ? absl::CivilMonth(1970, 1)
          : absl::CivilMonth(question.glances.books().zone().DayOf(reached));
  DOLEN_ASSIGN_OR_RETURN(query.to, MonthOf("to", question.Of("to"), now));
  DOLEN_ASSIGN_OR_RETURN(query.from,
                         MonthOf("from", question.Of("from"), query.to - (kUsualMonths - 1)));
  if (query.from <= query.to) return query;
  return absl::InvalidArgumentError("from: it is later than to");
}

// Adds what counts of the children with seals: what is sealed to nobody.
template <typename Table>
absl::Status AddSealed(const Glance& shard, const Mask* mask, Table& table) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<ChildKey> sealed, SealedChildren(shard.rows()));
  for (const ChildKey& key : sealed) {
    DOLEN_ASSIGN_OR_RETURN(const absl::optional<StoredChild> child,
                           ReadStoredChild(shard, key, /*agency=*/""));
    if (!child) continue;
    const Picture picture = Draw(child->unsealed, shard.books());
    ChildFigures its{key, picture.language, FiguresOf(picture, child->alerts, shard.books())};
    table.Add(its, WeightOf(key, mask));
  }
  return absl::OkStatus();
}

// Of all shards. `count` makes the table of one.
template <typename Table, typename Count>
absl::StatusOr<Table> CountAll(Api& api, const Question& question, const FiguresQuery& query,
                               Count count) {
  const bool is_masked = question.reach == Reach::kAll;
  const Mask mask(absl::StrCat("dolen mask\n", api.parts().secret));
  const Mask* const through = is_masked ? &mask : nullptr;
  Table all;
  all.query = query;
  all.masked = is_masked;
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(const Table some, count(shard.rows(), query, through));
    all += some;
    DOLEN_RETURN_IF_ERROR(AddSealed(shard, through, all));
  }
  return all;
}

Json TitleJson(const std::string& rule, const Books& books) {
  const RuleFamily* const family = books.FindFamily(rule);
  if (family == nullptr) return {{"en", ""}, {"cy", ""}};
  const auto& title = family->versions.back().rule.title();
  return {{"en", title.en()}, {"cy", title.cy()}};
}

Json SharesJson(const ClockTally& line, bool masked) {
  absl::Duration all;
  for (const auto& [whose, time] : line.clocks.shares) all += time;
  Json shares = Json::array();
  for (const auto& [whose, time] : line.clocks.shares) {
    shares.push_back(
        {{"who", whose.who},
         {"paused", whose.is_paused},
         {"minutes", ShownJson(ShownSum(absl::ToInt64Minutes(time), masked))},
         {"percent", ShownJson(ShownPercent(absl::ToDoubleMinutes(time), absl::ToDoubleMinutes(all),
                                            line.children, masked))}});
  }
  return shares;
}

Json DelayNumbers(const ClockTally& line, bool masked) {
  const ClockFigures& its = line.clocks;
  // Of few that were late among many, nothing is told either.
  const int64_t late_children = std::min(line.children, its.late);
  return {{"children", ShownJson(ShownCount(line.children, masked))},
          {"clocks", ShownJson(ShownCount(its.clocks(), masked))},
          {"in_time", ShownJson(ShownCount(its.in_time, masked))},
          {"late", ShownJson(ShownCount(its.late, masked))},
          {"late_by_report", ShownJson(ShownCount(its.late_by_report, masked))},
          {"minutes_late", ShownJson(ShownSum(absl::ToInt64Minutes(its.overrun), masked))},
          {"minutes_late_mean", ShownJson(ShownMean(absl::ToDoubleMinutes(its.overrun), its.late,
                                                    late_children, masked))},
          {"minutes_reporting", ShownJson(ShownSum(absl::ToInt64Minutes(its.reporting), masked))},
          {"minutes_reporting_mean", ShownJson(ShownMean(absl::ToDoubleMinutes(its.reporting),
                                                         its.clocks(), line.children, masked))},
          {"minutes", SharesJson(line, masked)}};
}

Json PerformanceNumbers(const ClockTally& line, bool masked) {
  const ClockFigures& its = line.clocks;
  return {{"children", ShownJson(ShownCount(line.children, masked))},
          {"clocks", ShownJson(ShownCount(its.clocks(), masked))},
          {"in_time", ShownJson(ShownCount(its.in_time, masked))},
          {"late", ShownJson(ShownCount(its.late, masked))},
          {"excused", ShownJson(ShownCount(its.excused, masked))},
          {"cancelled", ShownJson(ShownCount(its.cancelled, masked))},
          {"untold", ShownJson(ShownCount(its.untold, masked))}};
}

Json FlowNumbers(const FlowLine& line, bool masked) {
  return {{"children", ShownJson(ShownCount(line.children, masked))},
          {"asks", ShownJson(ShownCount(line.asks.asks, masked))},
          {"declined", ShownJson(ShownCount(line.asks.all_declined(), masked))},
          {"redirected", ShownJson(ShownCount(line.asks.passed_on, masked))},
          {"returned", ShownJson(ShownCount(line.asks.back, masked))}};
}

Answered AnswerOf(const Question& question, const FiguresQuery& query, bool masked,
                  const Json& rows, const Json& total) {
  Answered answered;
  answered.response =
      JsonResponse(Envelope(question.glances, {{"from", Json(MonthText(query.from)).dump()},
                                               {"to", Json(MonthText(query.to)).dump()},
                                               {"suppressed", masked ? "true" : "false"},
                                               {"rows", rows.dump()},
                                               {"total", total.dump()}}));
  return answered;
}

Answered TableOf(const Sheet& sheet) {
  Answered answered;
  answered.response = CsvResponse(SheetCsv(sheet));
  return answered;
}

absl::StatusOr<Answered> AnswerDelay(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(const FiguresQuery query, QueryOf(question));
  DOLEN_ASSIGN_OR_RETURN(const ClockTable table,
                         CountAll<ClockTable>(api, question, query, CountClocks));
  if (form == Form::kCsv) return TableOf(DelaySheet(table));
  Json rows = Json::array();
  for (const auto& [key, line] : table.lines) {
    Json row = {{"agency", key.agency},
                {"rule", key.rule},
                {"title", TitleJson(key.rule, question.glances.books())},
                {"month", MonthText(*key.month)}};
    row.update(DelayNumbers(line, table.masked));
    rows.push_back(std::move(row));
  }
  return AnswerOf(question, query, table.masked, rows, DelayNumbers(table.total, table.masked));
}

absl::StatusOr<Answered> AnswerPerformance(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(FiguresQuery query, QueryOf(question));
  query.by_language = true;
  DOLEN_ASSIGN_OR_RETURN(const ClockTable table,
                         CountAll<ClockTable>(api, question, query, CountClocks));
  if (form == Form::kCsv) return TableOf(PerformanceSheet(table));
  Json rows = Json::array();
  for (const auto& [key, line] : table.lines) {
    Json row = {{"agency", key.agency},
                {"rule", key.rule},
                {"title", TitleJson(key.rule, question.glances.books())},
                {"month", MonthText(*key.month)},
                {"language", key.language}};
    row.update(PerformanceNumbers(line, table.masked));
    rows.push_back(std::move(row));
  }
  return AnswerOf(question, query, table.masked, rows,
                  PerformanceNumbers(table.total, table.masked));
}

absl::StatusOr<Answered> AnswerFlow(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(const FiguresQuery query, QueryOf(question));
  DOLEN_ASSIGN_OR_RETURN(const FlowTable table,
                         CountAll<FlowTable>(api, question, query, CountAsks));
  if (form == Form::kCsv) return TableOf(FlowSheet(table));
  Json rows = Json::array();
  for (const auto& [key, line] : table.lines) {
    Json row = {{"asker", key.asker}, {"asked", key.asked}, {"month", MonthText(*key.month)}};
    row.update(FlowNumbers(line, table.masked));
    Json& reasons = row["reasons"] = Json::array();
    for (const auto& [reason, count] : line.asks.declined) {
      reasons.push_back(
          {{"reason", reason}, {"declined", ShownJson(ShownCount(count, table.masked))}});
    }
    rows.push_back(std::move(row));
  }
  return AnswerOf(question, query, table.masked, rows, FlowNumbers(table.total, table.masked));
}

absl::StatusOr<Answered> AnswerSilence(const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  std::vector<SilenceLine> lines;
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(std::vector<SilenceLine> some,
                           ReadSilence(shard, question.glances.Reached()));
    std::move(some.begin(), some.end(), std::back_inserter(lines));
  }
  std::sort(lines.begin(), lines.end(),
            [](const SilenceLine& a, const SilenceLine& b) { return a.agency < b.agency; });
  Answered answered;
  answered.response =
      form == Form::kCsv ? CsvResponse(SilenceCsv(lines))
                         : JsonResponse(Envelope(question.glances, {{"rows", SilenceJson(lines)}}));
  return answered;
}

}  // namespace

void AddNumbers(Api& api, const AddAsked& add) {
  add("GET", "/v1/delay", Asked::kNumbers,
      [&api](const Question& question) { return AnswerDelay(api, question); });
  add("GET", "/v1/performance", Asked::kNumbers,
      [&api](const Question& question) { return AnswerPerformance(api, question); });
  add("GET", "/v1/flow", Asked::kNumbers,
      [&api](const Question& question) { return AnswerFlow(api, question); });
  add("GET", "/v1/silence", Asked::kSilence,
      [](const Question& question) { return AnswerSilence(question); });
}

}  // namespace dolen
