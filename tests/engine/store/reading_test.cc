// A store that is read while its owner goes on.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/store/store.h"
#include "tests/engine/store/folder.h"

namespace dolen {
namespace {

using testing::ElementsAre;

std::vector<std::string> KeysOf(const Store& store) {
  std::vector<std::string> found;
  EXPECT_TRUE(store
                  .Scan("",
                        [&](absl::string_view key, absl::string_view) {
                          found.emplace_back(key);
                          return true;
                        })
                  .ok());
  return found;
}

// Every file of the folder with its size.
std::vector<std::string> FilesOf(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(absl::StrCat(entry.path().string(), " ", entry.file_size()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Store, IsReadAsItStandsWhileItsOwnerGoesOn) {
  StoreFolder folder;
  const std::string scratch = folder.path() + "-reader";
  folder.Put("a", "on disk");
  ASSERT_TRUE(folder.store().Flush().ok());
  folder.Put("b", "in the write-ahead log");
  const std::vector<std::string> before = FilesOf(folder.path());
  absl::StatusOr<std::unique_ptr<Store>> reader = Store::OpenToRead(folder.path(), scratch);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(FilesOf(folder.path()), before);
  // The owner replaces both rows and the files that hold them.
  std::string first;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() == ".sst") first = entry.path();
  }
  ASSERT_NE(first, "");
  folder.Delete("b");
  folder.Put("c", "newer");
  for (int i = 0; i < 1000 && std::filesystem::exists(first); ++i) {
    folder.Put("a", absl::StrCat("newer ", i));
    ASSERT_TRUE(folder.store().Flush().ok());
  }
  ASSERT_FALSE(std::filesystem::exists(first));
  EXPECT_THAT(KeysOf(**reader), ElementsAre("a", "b"));
  EXPECT_EQ(**(*reader)->Get("a"), "on disk");
  EXPECT_EQ(**(*reader)->Get("b"), "in the write-ahead log");
  EXPECT_THAT(*(*reader)->GetAll({"b", "a"}), ElementsAre("in the write-ahead log", "on disk"));
  Batch batch;
  batch.Put("d", "");
  EXPECT_FALSE((*reader)->Commit(batch).ok());
  reader = Store::OpenToRead(folder.path(), scratch);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_THAT(KeysOf(**reader), ElementsAre("a", "c"));
  EXPECT_TRUE(absl::IsNotFound(Store::OpenToRead(scratch + "/none", scratch).status()));
  EXPECT_FALSE(std::filesystem::exists(scratch + "/none")) << "reading must not make a store";
  reader = absl::InternalError("closed");
  std::filesystem::remove_all(scratch);
}

}  // namespace
}  // namespace dolen
