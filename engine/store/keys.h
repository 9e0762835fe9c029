// The key layout of a shard's store. Keys begin with a kind byte; numbers are big-endian, so that
// byte order is number order. Reader and writer share this header and nothing else writes keys.
//
//   'a' child (16) page (4)      one page of a child's alerts of which nothing is left to be said
//   'b' publication (4)          a published book
//   'c' child (16)               everything about one child but its events
//   'd' child (16) hash (16)     an action or a receipt that was taken up: by its id
//   'e' position (8)             one event, appended in ledger order
//   'f' name                     one backfill
//   'g' name                     an agency that was heard
//   'h' alert id                 a change held back since the fold revision changed
//   'i' child (16) page (4)      one closed page of a child's index
//   'j' child (16) page (4)      one page of what has ended with a child, in numbers
//   'l' alert id (16)            the child whose alert it is
//   'm'                          the shard itself
//   'n' child (16) position (8) place (4)  a line of the trail of a child's alerts
//   'o' number (8)               a change of an alert that is not yet ticked off
//   'p' page (4)                 what was published, while the fold revision changes
//   't'                          how far the telling has come
//   'v' view (1) version (1) key one row of a view
//   'x' child (16) position (8)  a record kept aside
#ifndef DOLEN_ENGINE_STORE_KEYS_H_
#define DOLEN_ENGINE_STORE_KEYS_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/base/ids.h"

namespace dolen::keys {

inline std::string BigEndian(uint64_t number, int bytes) {
  std::string out(bytes, '\0');
  for (int i = 0; i < bytes; ++i) out[i] = static_cast<char>(number >> (8 * (bytes - 1 - i)));
  return out;
}
inline uint64_t FromBigEndian(absl::string_view bytes) {
  uint64_t number = 0;
  for (char c : bytes) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

inline std::string AlertPage(const ChildKey& child, uint32_t page) {
  return absl::StrCat("a", child.bytes(), BigEndian(page, 4));
}
inline std::string Book(int publication) { return absl::StrCat("b", BigEndian(publication, 4)); }
inline std::string Child(const ChildKey& child) { return absl::StrCat("c", child.bytes()); }
// `id`: 16 bytes.
inline std::string TakenUp(const ChildKey& child, absl::string_view id) {
  return absl::StrCat("d", child.bytes(), id);
}
inline std::string Event(int64_t position) { return absl::StrCat("e", BigEndian(position, 8)); }
inline std::string Backfill(absl::string_view name) { return absl::StrCat("f", name); }
inline std::string Agency(absl::string_view name) { return absl::StrCat("g", name); }
inline std::string Held(absl::string_view alert_id) { return absl::StrCat("h", alert_id); }
inline std::string Page(const ChildKey& child, uint32_t page) {
  return absl::StrCat("i", child.bytes(), BigEndian(page, 4));
}
inline std::string FiguresPagesOf(const ChildKey& child) {
  return absl::StrCat("j", child.bytes());
}
inline std::string FiguresPage(const ChildKey& child, uint32_t page) {
  return absl::StrCat(FiguresPagesOf(child), BigEndian(page, 4));
}
// `id`: 16 bytes.
inline std::string AlertChild(absl::string_view id) { return absl::StrCat("l", id); }
inline std::string Shard() { return "m"; }
inline std::string TrailOf(const ChildKey& child) { return absl::StrCat("n", child.bytes()); }
// `place`: among the lines that one record made.
inline std::string Trail(const ChildKey& child, int64_t position, uint32_t place) {
  return absl::StrCat(TrailOf(child), BigEndian(position, 8), BigEndian(place, 4));
}
inline std::string Outbox(uint64_t number) { return absl::StrCat("o", BigEndian(number, 8)); }
inline std::string Published(uint32_t page) { return absl::StrCat("p", BigEndian(page, 4)); }
inline std::string Telling() { return "t"; }
inline std::string View(char view, uint8_t version, absl::string_view key) {
  return absl::StrCat("v", absl::string_view(&view, 1), BigEndian(version, 1), key);
}
inline std::string Aside(const ChildKey& child, int64_t position) {
  return absl::StrCat("x", child.bytes(), BigEndian(position, 8));
}

}  // namespace dolen::keys

#endif  // DOLEN_ENGINE_STORE_KEYS_H_
