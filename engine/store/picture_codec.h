// A picture as a stream of numbers, and back: the larger part of a child's row. Numbers are small
// where values are usual; names stand once in the row, and the stream says which one by its place.
// What each number is, is said once for both directions, in picture_codec.cc.
#ifndef DOLEN_ENGINE_STORE_PICTURE_CODEC_H_
#define DOLEN_ENGINE_STORE_PICTURE_CODEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"

namespace dolen {

// The names of a row that is being written. They are views of the state's.
class NameWriter {
 public:
  explicit NameWriter(std::vector<absl::string_view>& names) : names_(names) { names_.clear(); }

  // The place of the name, which is added where it is new.
  uint32_t PlaceOf(absl::string_view name);

 private:
  uint32_t PlaceAmongMany(absl::string_view name);

  std::vector<absl::string_view>& names_;
  // dolen: hash order unseen, because names are looked up and never iterated.
  absl::flat_hash_map<absl::string_view, uint32_t> places_;  // where there are more than a few
};

// The names of a row that is being read.
class NameReader {
 public:
  explicit NameReader(const google::protobuf::RepeatedPtrField<std::string>& names)
      : names_(names) {}

  const std::string& At(uint32_t place);
  bool good() const { return good_; }  // every place asked for was there

 private:
  const google::protobuf::RepeatedPtrField<std::string>& names_;
  bool good_ = true;
};

// Appends the picture, all but `books`, to row.picture.
void PutPicture(const Picture& picture, const Books& books, NameWriter& names,
                store::v1::ChildRow& row);

// kDataLoss if the numbers do not fit together, or name rules that were never published. What
// `picture` held before only lends its memory.
absl::Status ReadPicture(const store::v1::ChildRow& row, const Books& books, NameReader& names,
                         Picture& picture);

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_PICTURE_CODEC_H_
