// simulate: what if a draft had been the book?
#include <cstdio>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "deploy/program/progress.h"
#include "deploy/program/simulate.h"
#include "deploy/program/simulated_words.h"
#include "deploy/program/verbs.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

absl::Status ReadDay(const char* flag, const std::string& text, absl::CivilDay& day) {
  if (text.empty() || ParseDay(text, day)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(flag, ": \"", text, "\" is no day like 2026-03-02"));
}

absl::StatusOr<SimulateOptions> OptionsOf(const SimulateFlags& flags) {
  SimulateOptions options;
  DOLEN_RETURN_IF_ERROR(ReadDay("--from", flags.from, options.from));
  DOLEN_RETURN_IF_ERROR(ReadDay("--to", flags.to, options.to));
  if (options.from >= options.to) {
    return absl::InvalidArgumentError(absl::StrCat("--from=", flags.from, " --to=", flags.to,
                                                   ": there is no day from the one to before the "
                                                   "other"));
  }
  if (!flags.at.empty() && !ParseRfc3339(flags.at, options.at)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--at: \"", flags.at, "\" is no time like 2026-03-02T09:00:00Z"));
  }
  for (const std::string& file : flags.books) {
    DOLEN_ASSIGN_OR_RETURN(CheckedBook checked, ReadBook(file));
    DOLEN_ASSIGN_OR_RETURN(UsableBook draft, Usable(file, std::move(checked)));
    options.drafts.push_back(std::move(draft));
  }
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  options.threads = flags.threads > 0 ? flags.threads : std::max(cores, 1);
  options.list = static_cast<size_t>(flags.list);
  options.identifiers = flags.children;
  return options;
}

}  // namespace

int RunSimulate(const Common& common, const SimulateFlags& flags) {
  absl::StatusOr<SimulateOptions> options = OptionsOf(flags);
  if (!options.ok()) return Fail(options.status());
  Progress fold("fold");
  const absl::StatusOr<std::unique_ptr<StoreFolders>> folders =
      StoreFolders::Find(common.place, [&](int64_t done, int64_t all) { fold.Show(done, all); });
  fold.End();
  if (!folders.ok()) return Fail(folders.status());
  Progress children("children");
  options->progress = [&](int64_t done, int64_t all) { children.Show(done, all); };
  const absl::StatusOr<Simulated> simulated = Simulate((*folders)->paths(), *options);
  children.End();
  if (!simulated.ok()) return Fail(simulated.status());
  std::fputs(
      (common.json() ? SimulatedJson(*simulated, *options) : SimulatedText(*simulated, *options))
          .c_str(),
      stdout);
  return kDone;
}

}  // namespace dolen
