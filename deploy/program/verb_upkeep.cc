// revision and backfill: what operators look after.
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "deploy/program/door.h"
#include "deploy/program/verbs.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

// Whether a backfill of this name is open; kNotFound: there never was one.
absl::StatusOr<bool> IsOpen(Door& door, const std::string& name) {
  Common json;
  json.format = "json";
  const absl::StatusOr<std::string> listed = door.Ask(Get({"v1", "backfills"}, json));
  if (!listed.ok()) return listed.status();
  for (const absl::string_view line : absl::StrSplit(*listed, '\n', absl::SkipEmpty())) {
    const auto one = nlohmann::json::parse(std::string(line), nullptr, false);
    if (one.is_object() && one.value("backfill", "") == name) return one.value("open", false);
  }
  return absl::NotFoundError("there is no backfill " + name + "; see: dolen backfill list");
}

}  // namespace

int RunRevisionShow(const Common& common) {
  return AskAndPrint(common, Get({"v1", "revision"}, common));
}

int RunRevisionRelease(const Common& common, const RevisionFlags& flags) {
  HttpRequest request = Post({"v1", "revision", "release"});
  request.query["by"] = flags.by;
  if (flags.quiet) request.query["quiet"] = "true";
  return AskAndPrint(common, request);
}

int RunBackfillList(const Common& common) {
  return AskAndPrint(common, Get({"v1", "backfills"}, common));
}

int RunBackfillEnd(const Common& common, const BackfillFlags& flags) {
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  const absl::StatusOr<bool> is_open = IsOpen(**door, flags.name);
  if (!is_open.ok()) return Fail(is_open.status());
  if (!*is_open) {
    absl::FPrintF(stderr, "dolen: backfill %s is ended already\n", flags.name);
    return kNo;
  }
  HttpRequest request = Post({"v1", "backfills", flags.name, "end"});
  request.query["by"] = flags.by;
  return Print((*door)->Ask(request));
}

}  // namespace dolen
