// A page of a list that was put together from all shards, as JSON or as a table.
#ifndef DOLEN_DEPLOY_API_PAGE_H_
#define DOLEN_DEPLOY_API_PAGE_H_

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "deploy/api/api.h"
#include "deploy/api/question.h"

namespace dolen {

// One page of a list: `items` have a place, and are more than the page wants where there is a next
// one.
template <typename Item>
std::string CutPage(const Api& api, const Question& question, size_t limit,
                    std::vector<Item>& items) {
  const auto is_before = [](const Item& a, const Item& b) { return a.place < b.place; };
  if (!std::is_sorted(items.begin(), items.end(), is_before)) {  // mostly they are
    std::sort(items.begin(), items.end(), is_before);
  }
  if (items.size() <= limit) return "null";
  items.resize(limit);
  return absl::StrCat("\"", api.cursors().After(question, items.back().place), "\"");
}

// How an item is written in either form.
template <typename Item>
struct Writing {
  std::function<std::string(const Item&)> json;
  std::string csv_head;
  std::function<std::string(const Item&)> csv;
};

template <typename Item>
Answered AnswerOf(const Question& question, Form form, const std::vector<Item>& items,
                  const std::string& next, const Writing<Item>& writing) {
  Answered answered;
  if (form == Form::kCsv) {
    std::string table = writing.csv_head;
    for (const Item& item : items) table += writing.csv(item);
    answered.response = CsvResponse(std::move(table));
    return answered;
  }
  const std::string list = absl::StrJoin(items, ",", [&](std::string* out, const Item& item) {
    absl::StrAppend(out, writing.json(item));
  });
  answered.response = JsonResponse(
      Envelope(question.glances, {{"next", next}, {"items", absl::StrCat("[", list, "]")}}));
  return answered;
}

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_PAGE_H_
