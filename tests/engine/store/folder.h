// A store in a folder of its own, gone with it.
#ifndef DOLEN_TESTS_ENGINE_STORE_FOLDER_H_
#define DOLEN_TESTS_ENGINE_STORE_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/store/store.h"

namespace dolen {

class StoreFolder {
 public:
  StoreFolder() : path_(testing::TempDir() + "/dolen-store-XXXXXX") {
    DOLEN_CHECK(mkdtemp(path_.data()) != nullptr);
    Reopen();
  }
  ~StoreFolder() {
    store_ = nullptr;
    std::filesystem::remove_all(path_);
  }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  Store& store() { return *store_; }
  const std::string& path() const { return path_; }
  void Reopen() {
    store_ = nullptr;
    absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(path_);
    DOLEN_CHECK(opened.ok());
    store_ = *std::move(opened);
  }
  void Put(absl::string_view key, absl::string_view value) {
    Batch batch;
    batch.Put(key, value);
    ASSERT_TRUE(store_->Commit(batch).ok());
  }
  void Delete(absl::string_view key) {
    Batch batch;
    batch.Delete(key);
    ASSERT_TRUE(store_->Commit(batch).ok());
  }

 private:
  std::string path_;
  std::unique_ptr<Store> store_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_STORE_FOLDER_H_
