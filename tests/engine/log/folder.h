// A folder for one test, gone with it.
#ifndef DOLEN_TESTS_ENGINE_LOG_FOLDER_H_
#define DOLEN_TESTS_ENGINE_LOG_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace dolen {

class TestFolder {
 public:
  TestFolder() : path_(testing::TempDir() + "/dolen-log-XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_LOG_FOLDER_H_
