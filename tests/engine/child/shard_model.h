// The naive model of a whole shard, fed with the steps of a world.
#ifndef DOLEN_TESTS_ENGINE_CHILD_SHARD_MODEL_H_
#define DOLEN_TESTS_ENGINE_CHILD_SHARD_MODEL_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "tests/engine/child/naive/alerts.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world.h"

namespace dolen::story {

// How the engine names the roots that the second model leaves opaque.
std::string RootText(const std::string& root);

// As the second model writes what was said.
std::string LineOf(const alert::v1::Alert& alert);

class ShardModel {
 public:
  explicit ShardModel(int children, const second::RootName& root_name = RootText)
      : said_(children), alerts_(children, second::Alerts(root_name)) {}

  // What is said after this step, by child.
  std::map<int, std::vector<std::string>> Take(const Step& step);
  // Takes it up without asking what is said, which is most of the work. Not together with Take.
  void Know(const Step& step);

  int Untold(int child) { return alerts_[child].Untold(Now(child, false)); }

  // What has ended with the child, a line for each piece.
  std::vector<std::string> Figures(int child) {
    const std::string zone = books_.empty() ? "UTC" : books_.back().book.zone();
    return alerts_[child].Figures(Now(child, false), zone);
  }

  absl::Time reached() const { return reached_; }
  const std::vector<second::Said>& said(int child) const { return said_[child]; }
  const std::vector<second::Published>& books() const { return books_; }
  const second::Library& library() const { return library_; }

 private:
  using Lines = std::map<int, std::vector<std::string>>;
  void Hear(const Step& step);
  void Publish(const Step& step);
  void Do(const Step& step, Lines& lines);
  void Look(int child, bool is_tick, Lines& lines);
  second::Alerts::Now Now(int child, bool is_tick) const {
    return {said_[child], library_, backfills_, reached_, is_tick};
  }

  absl::Time reached_ = At("2026-01-01");
  std::vector<std::vector<second::Said>> said_;
  std::vector<second::Published> books_;
  second::Library library_;
  second::Alerts::Backfills backfills_;
  std::vector<second::Alerts> alerts_;
};

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_SHARD_MODEL_H_
