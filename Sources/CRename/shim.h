// renameat2(2) is declared for programs that ask for GNU extensions, which Swift's import of glibc does not.
#include <fcntl.h>

extern int renameat2(int, const char *, int, const char *, unsigned int);

/// Exchanges two paths in one step: at no instant is either absent.
static inline int catenary_exchange(const char *a, const char *b) {
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, 1 << 1 /* RENAME_EXCHANGE */);
}
