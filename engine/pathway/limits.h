// The order in which a rule's limits and targets are counted, by PatternUse and by everybody else.
#ifndef DOLEN_ENGINE_PATHWAY_LIMITS_H_
#define DOLEN_ENGINE_PATHWAY_LIMITS_H_

#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen {

// Visits every limit and then every target with its place, from 0.
template <typename Visit>
void ForEachLimit(const pathway::v1::Rule& rule, const Visit& visit) {
  int i = 0;
  for (const pathway::v1::Limit& limit : rule.limit()) visit(limit, i++);
  for (const pathway::v1::Limit& limit : rule.target()) visit(limit, i++);
}

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_LIMITS_H_
