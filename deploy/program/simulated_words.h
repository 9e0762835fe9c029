// What a simulation says, as a table for people and as JSON lines for programs. Children appear by
// the first eight digits of their keys, or by their identifiers where these were asked for.
#ifndef DOLEN_DEPLOY_PROGRAM_SIMULATED_WORDS_H_
#define DOLEN_DEPLOY_PROGRAM_SIMULATED_WORDS_H_

#include <string>

#include "deploy/program/simulate.h"

namespace dolen {

std::string SimulatedText(const Simulated& simulated, const SimulateOptions& options);
// One line for each listed clock, and the summary as the last.
std::string SimulatedJson(const Simulated& simulated, const SimulateOptions& options);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_SIMULATED_WORDS_H_
