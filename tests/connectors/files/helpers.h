// What the tests of connectors/files share: files in a folder of their own, and reading them whole.
#ifndef DOLEN_TESTS_CONNECTORS_FILES_HELPERS_H_
#define DOLEN_TESTS_CONNECTORS_FILES_HELPERS_H_

#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "connectors/files/census.h"
#include "connectors/files/mapping.h"
#include "connectors/files/rows.h"

namespace dolen {

// A folder that goes away with the test.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dolen-files-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  std::string Write(const std::string& name, absl::string_view text) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary)
        .write(text.data(), static_cast<std::streamsize>(text.size()));
    return path;
  }

 private:
  std::string path_;
};

// One gzip member.
inline std::string Gzip(absl::string_view text) {
  z_stream stream = {};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct AllRows {
  int64_t read = 0, filtered = 0;
  std::vector<FileEvent> events;
  std::vector<int64_t> lines;  // of the events
  std::vector<BadRow> bad;
  absl::Status status;

  event::v1::Event Event(size_t i) const {
    event::v1::Event event;
    EXPECT_TRUE(event.ParseFromString(events.at(i).bytes));
    return event;
  }
};

inline AllRows ReadAll(absl::StatusOr<std::unique_ptr<RowSource>> source) {
  AllRows all;
  all.status = source.status();
  while (all.status.ok()) {
    absl::StatusOr<absl::optional<FileRow>> row = (*source)->Next();
    all.status = row.status();
    if (!row.ok() || !row->has_value()) break;
    ++all.read;
    if (auto* bad = absl::get_if<BadRow>(&**row)) {
      all.bad.push_back(*bad);
      continue;
    }
    const GoodRow& good = absl::get<GoodRow>(**row);
    if (good.filtered()) ++all.filtered;
    for (const FileEvent& event : good.events) {
      all.events.push_back(event);
      all.lines.push_back(good.line);
    }
  }
  return all;
}

inline std::string Findings(const CheckedMapping& mapping) {
  std::string text;
  for (const Finding& f : mapping.findings) {
    absl::StrAppend(&text, f.line, ":", f.column, " ", f.field, ": ", f.sentence, "\n");
  }
  return text;
}

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_FILES_HELPERS_H_
