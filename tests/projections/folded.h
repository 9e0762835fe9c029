// A fold of a world's steps with views over a store of its own, under stated time.
#ifndef DOLEN_TESTS_PROJECTIONS_FOLDED_H_
#define DOLEN_TESTS_PROJECTIONS_FOLDED_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/time.h"
#include "engine/shard/fold.h"
#include "tests/engine/child/story.h"
#include "tests/engine/store/folder.h"

namespace dolen {

class Folded {
 public:
  // The views outlive it.
  Folded(std::vector<const View*> views, const Forgetting& forgetting, size_t at_hand = 1000) {
    options_.views = std::move(views);
    options_.forgetting = forgetting;
    options_.row_bytes_at_hand = at_hand;
    Open();
    Tell(story::At("2026-01-01"), FirstRecord());
    ledger::v1::Record stated;
    stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
    Tell(story::At("2026-01-01"), stated);
  }

  // With other views from now on, as another release has them.
  void Open(std::vector<const View*> views) {
    options_.views = std::move(views);
    Open();
  }
  void Open() {
    fold_ = nullptr;
    folder_.Reopen();
    fold_ = *Fold::Open(&folder_.store(), options_);
  }
  void Tell(absl::Time written, ledger::v1::Record record) {
    ASSERT_TRUE(story::TellFold(*fold_, written, std::move(record)).ok());
  }
  void Commit() { ASSERT_TRUE(fold_->Commit().ok()); }

  Fold& fold() { return *fold_; }
  Store& store() { return folder_.store(); }

 private:
  FoldOptions options_;
  StoreFolder folder_;
  std::unique_ptr<Fold> fold_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_PROJECTIONS_FOLDED_H_
