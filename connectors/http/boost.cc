// The bodies of Boost.Asio's and Boost.Beast's functions, compiled here once. The room's
// CMakeLists.txt defines BOOST_ASIO_SEPARATE_COMPILATION and BOOST_BEAST_SEPARATE_COMPILATION.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
