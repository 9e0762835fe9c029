// Boost.JSON, built once.
#include <boost/json/src.hpp>
