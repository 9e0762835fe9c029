// Numbers across children: delay, performance, flow; and when agencies were heard.
#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
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
#include "projections/silence/silence.h"

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

// Through which this question's numbers are seen; none: as they are.
std::unique_ptr<const Mask> MaskOf(const Api& api, const Question& question) {
  if (question.reach != Reach::kAll) return nullptr;
  return std::make_unique<const Mask>(absl::StrCat("dolen mask\n", api.parts().secret));
}

// What counts of the children with seals: what is sealed to nobody.
absl::Status ForEachSealed(Api& api, const Question& question,
                           absl::FunctionRef<void(const ChildFigures& child)> see) {
  return api.sealed().ForEach(question.glances, /*agency=*/"",
                              [&](const Glance&, const SealedLines& lines) {
                                see(lines.figures);
                                return absl::OkStatus();
                              });
}

// Of all shards, a table for each question.
absl::StatusOr<std::vector<ClockTable>> CountAllClocks(Api& api, const Question& question,
                                                       absl::Span<const FiguresQuery> queries) {
  const std::unique_ptr<const Mask> mask = MaskOf(api, question);
  std::vector<ClockTable> all(queries.size());
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].query = queries[i];
    all[i].masked = mask != nullptr;
  }
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<ClockTable> some,
                           CountClocksOfEach(shard.rows(), queries, mask.get()));
    for (size_t i = 0; i < all.size(); ++i) all[i] += some[i];
  }
  DOLEN_RETURN_IF_ERROR(ForEachSealed(api, question, [&](const ChildFigures& child) {
    for (ClockTable& table : all) table.Add(child, WeightOf(child.child, mask.get()));
  }));
  return all;
}

absl::StatusOr<FlowTable> CountAllAsks(Api& api, const Question& question,
                                       const FiguresQuery& query) {
  const std::unique_ptr<const Mask> mask = MaskOf(api, question);
  FlowTable all;
  all.query = query;
  all.masked = mask != nullptr;
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(const FlowTable some, CountAsks(shard.rows(), query, mask.get()));
    all += some;
  }
  DOLEN_RETURN_IF_ERROR(ForEachSealed(api, question, [&](const ChildFigures& child) {
    all.Add(child, WeightOf(child.child, mask.get()));
  }));
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
          {"percent_in_time", ShownJson(ShownInTime(line, masked))},
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
          {"percent_in_time", ShownJson(ShownInTime(line, masked))},
          {"excused", ShownJson(ShownCount(its.excused, masked))},
          {"cancelled", ShownJson(ShownCount(its.cancelled, masked))},
          {"untold", ShownJson(ShownCount(its.untold, masked))}};
}

Json FlowNumbers(const FlowLine& line, bool masked) {
  const AskFigures& its = line.asks;
  Json reasons = Json::array();
  for (const auto& [reason, count] : its.declined) {
    reasons.push_back({{"reason", reason}, {"declined", ShownJson(ShownCount(count, masked))}});
  }
  return {{"children", ShownJson(ShownCount(line.children, masked))},
          {"asks", ShownJson(ShownCount(its.asks, masked))},
          {"taken_on", ShownJson(ShownCount(its.taken_on, masked))},
          {"declined", ShownJson(ShownCount(its.all_declined(), masked))},
          {"redirected", ShownJson(ShownCount(its.passed_on, masked))},
          {"unanswered", ShownJson(ShownCount(its.unanswered(), masked))},
          {"returned", ShownJson(ShownCount(its.back, masked))},
          {"reasons", std::move(reasons)}};
}

// What tells the lines of its table apart.
Json KeyJson(const LineKey& key, const FiguresQuery& query, const Books& books) {
  Json json = Json::object();
  if (query.by_agency) json["agency"] = key.agency;
  if (query.by_rule) {
    json["rule"] = key.rule;
    json["title"] = TitleJson(key.rule, books);
  }
  if (query.by_month) json["month"] = MonthText(*key.month);
  if (query.by_language) json["language"] = key.language;
  return json;
}

using Numbers = Json(const ClockTally& line, bool masked);

Json LinesJson(const ClockTable& table, const Books& books, Numbers& numbers) {
  Json lines = Json::array();
  for (const auto& [key, line] : table.lines) {
    Json json = KeyJson(key, table.query, books);
    json.update(numbers(line, table.masked));
    lines.push_back(std::move(json));
  }
  return lines;
}

// The same question, with nothing told apart but this.
FiguresQuery By(bool FiguresQuery::*what, FiguresQuery query) {
  query.by_agency = query.by_rule = query.by_month = query.by_language = false;
  query.*what = true;
  return query;
}

Answered AnswerOf(const Question& question, const FiguresQuery& query, bool masked,
                  std::vector<std::pair<std::string, std::string>> members) {
  members.insert(members.begin(), {{"from", Json(MonthText(query.from)).dump()},
                                   {"to", Json(MonthText(query.to)).dump()},
                                   {"suppressed", masked ? "true" : "false"}});
  Answered answered;
  answered.response = JsonResponse(Envelope(question.glances, members));
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
  DOLEN_ASSIGN_OR_RETURN(const std::vector<ClockTable> tables,
                         CountAllClocks(api, question,
                                        {query, By(&FiguresQuery::by_month, query),
                                         By(&FiguresQuery::by_rule, query)}));
  const ClockTable& table = tables[0];
  if (form == Form::kCsv) return TableOf(DelaySheet(table));
  const Books& books = question.glances.books();
  return AnswerOf(question, query, table.masked,
                  {{"rows", LinesJson(table, books, DelayNumbers).dump()},
                   {"by_month", LinesJson(tables[1], books, DelayNumbers).dump()},
                   {"by_rule", LinesJson(tables[2], books, DelayNumbers).dump()},
                   {"total", DelayNumbers(table.total, table.masked).dump()}});
}

absl::StatusOr<Answered> AnswerPerformance(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(FiguresQuery query, QueryOf(question));
  query.by_language = true;
  DOLEN_ASSIGN_OR_RETURN(
      const std::vector<ClockTable> tables,
      CountAllClocks(api, question, {query, By(&FiguresQuery::by_language, query)}));
  const ClockTable& table = tables[0];
  if (form == Form::kCsv) return TableOf(PerformanceSheet(table));
  const Books& books = question.glances.books();
  return AnswerOf(question, query, table.masked,
                  {{"rows", LinesJson(table, books, PerformanceNumbers).dump()},
                   {"by_language", LinesJson(tables[1], books, PerformanceNumbers).dump()},
                   {"total", PerformanceNumbers(table.total, table.masked).dump()}});
}

absl::StatusOr<Answered> AnswerFlow(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(const FiguresQuery query, QueryOf(question));
  DOLEN_ASSIGN_OR_RETURN(const FlowTable table, CountAllAsks(api, question, query));
  if (form == Form::kCsv) return TableOf(FlowSheet(table));
  Json rows = Json::array();
  for (const auto& [key, line] : table.lines) {
    Json row = {{"asker", key.asker}, {"asked", key.asked}, {"month", MonthText(*key.month)}};
    row.update(FlowNumbers(line, table.masked));
    rows.push_back(std::move(row));
  }
  return AnswerOf(
      question, query, table.masked,
      {{"rows", rows.dump()}, {"total", FlowNumbers(table.total, table.masked).dump()}});
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
