/*
 * A preloaded library that makes chosen file operations of a process fail, stop short, or end the process with what
 * was not synchronised lost, as a power cut would.
 *
 *   FAULT_MATCH   part of the path of the files it watches (required)
 *   FAULT_OP      write | sync | truncate: which operations count
 *   FAULT_KIND    eio | enospc | short | crash: what happens at the chosen operation
 *   FAULT_AT      which one, counted from 1; 0 only counts
 *   FAULT_STICKY  1: the operations after it fail too (a disk stays full)
 *   FAULT_LOSE    1: a crash takes back all writes since each file's last synchronisation
 *   FAULT_COUNT   file that receives the number of operations seen when the process ends by itself
 *
 * The process is single-threaded where it matters (SQLite and synchronous file calls run on the main thread), but the
 * tables are locked all the same.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { max_fd = 4096 };

struct undo {
  dev_t dev;
  ino_t ino;
  char *path;
  off_t offset;
  size_t length;
  off_t old_size;
  unsigned char *bytes;
  struct undo *next;
};

static char *watched[max_fd];
static struct undo *undo_list;
static long seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static int is_watched(int fd) { return fd >= 0 && fd < max_fd && watched[fd] != NULL; }

static void watch(int fd, const char *path) {
  const char *match = setting("FAULT_MATCH", NULL);
  if (fd < 0 || fd >= max_fd || !match) return;
  free(watched[fd]);
  watched[fd] = strstr(path, match) && !strstr(path, "-shm") ? strdup(path) : NULL;
}

static void remember(int fd, off_t offset, size_t length) {
  struct stat facts;
  if (strcmp(setting("FAULT_LOSE", "0"), "1") != 0 || fstat(fd, &facts) != 0) return;
  struct undo *entry = calloc(1, sizeof *entry);
  entry->dev = facts.st_dev;
  entry->ino = facts.st_ino;
  entry->path = strdup(watched[fd]);
  entry->offset = offset;
  entry->old_size = facts.st_size;
  size_t inside = offset >= facts.st_size ? 0 : (size_t)(facts.st_size - offset);
  entry->length = inside < length ? inside : length;
  entry->bytes = malloc(entry->length + 1);
  int reader = (int)syscall(SYS_openat, AT_FDCWD, watched[fd], O_RDONLY, 0);
  if (reader >= 0) {
    ssize_t got = (ssize_t)syscall(SYS_pread64, reader, entry->bytes, entry->length, offset);
    if (got < 0) entry->length = 0;
    syscall(SYS_close, reader);
  }
  entry->next = undo_list;
  undo_list = entry;
}

static void forget(int fd) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return;
  struct undo **link = &undo_list;
  while (*link) {
    struct undo *entry = *link;
    if (entry->dev == facts.st_dev && entry->ino == facts.st_ino) {
      *link = entry->next;
      free(entry->path);
      free(entry->bytes);
      free(entry);
    } else {
      link = &entry->next;
    }
  }
}

/* The list is newest first, so taking back in its order restores each file's last synchronised state. */
static void crash(void) {
  for (struct undo *entry = undo_list; entry; entry = entry->next) {
    struct stat facts;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, entry->path, O_RDWR, 0);
    if (fd < 0) continue;
    if (fstat(fd, &facts) == 0 && facts.st_ino == entry->ino && facts.st_dev == entry->dev) {
      if (entry->length) syscall(SYS_pwrite64, fd, entry->bytes, entry->length, entry->offset);
      syscall(SYS_ftruncate, fd, entry->old_size);
    }
    syscall(SYS_close, fd);
  }
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* 0: go on. 1: fail with errno set. 2: write only a part. */
static int verdict(const char *operation) {
  if (strcmp(setting("FAULT_OP", "write"), operation) != 0) return 0;
  long at = atol(setting("FAULT_AT", "0"));
  seen++;
  if (at == 0 || seen < at) return 0;
  if (seen > at && strcmp(setting("FAULT_STICKY", "0"), "1") != 0) return 0;
  const char *kind = setting("FAULT_KIND", "eio");
  if (strcmp(kind, "crash") == 0) crash();
  if (strcmp(kind, "short") == 0) return 2;
  errno = strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
  return 1;
}

__attribute__((destructor)) static void report(void) {
  const char *path = setting("FAULT_COUNT", NULL);
  if (!path) return;
  FILE *out = fopen(path, "w");
  if (!out) return;
  fprintf(out, "%ld\n", seen);
  fclose(out);
}

#define ORIGINAL(type, name, ...)                         \
  static type (*original)(__VA_ARGS__);                   \
  if (!original) original = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define OPEN_BODY(name)                                          \
  ORIGINAL(int, name, const char *, int, mode_t);                \
  mode_t mode = 0;                                               \
  if (flags & (O_CREAT | O_TMPFILE)) {                           \
    va_list list;                                                \
    va_start(list, flags);                                       \
    mode = (mode_t)va_arg(list, int);                            \
    va_end(list);                                                \
  }                                                              \
  int fd = original(path, flags, mode);                          \
  pthread_mutex_lock(&lock);                                     \
  watch(fd, path);                                               \
  pthread_mutex_unlock(&lock);                                   \
  return fd

int open(const char *path, int flags, ...) { OPEN_BODY("open"); }
int open64(const char *path, int flags, ...) { OPEN_BODY("open64"); }

int close(int fd) {
  ORIGINAL(int, "close", int);
  pthread_mutex_lock(&lock);
  if (is_watched(fd)) {
    free(watched[fd]);
    watched[fd] = NULL;
  }
  pthread_mutex_unlock(&lock);
  return original(fd);
}

static ssize_t positioned(int fd, const void *bytes, size_t length, off_t offset) {
  return (ssize_t)syscall(SYS_pwrite64, fd, bytes, length, offset);
}

static ssize_t watched_write(int fd, const void *bytes, size_t length, off_t offset) {
  pthread_mutex_lock(&lock);
  int what = verdict("write");
  int saved = errno;
  if (what != 1) remember(fd, offset, length);
  pthread_mutex_unlock(&lock);
  if (what == 1) {
    errno = saved;
    return -1;
  }
  return positioned(fd, bytes, what == 2 && length > 1 ? length / 2 : length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return is_watched(fd) ? watched_write(fd, bytes, length, offset) : positioned(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return is_watched(fd) ? watched_write(fd, bytes, length, offset) : positioned(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  ORIGINAL(ssize_t, "write", int, const void *, size_t);
  if (!is_watched(fd)) return original(fd, bytes, length);
  off_t offset = lseek(fd, 0, SEEK_CUR);
  if (offset < 0) return original(fd, bytes, length);
  ssize_t written = watched_write(fd, bytes, length, offset);
  if (written > 0) lseek(fd, offset + written, SEEK_SET);
  return written;
}

static int watched_sync(int fd, long number) {
  pthread_mutex_lock(&lock);
  int what = is_watched(fd) ? verdict("sync") : 0;
  int saved = errno;
  pthread_mutex_unlock(&lock);
  if (what != 0) {
    errno = what == 2 ? EIO : saved;
    return -1;
  }
  int result = (int)syscall(number, fd);
  pthread_mutex_lock(&lock);
  if (result == 0 && is_watched(fd)) forget(fd);
  pthread_mutex_unlock(&lock);
  return result;
}

int fsync(int fd) { return watched_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return watched_sync(fd, SYS_fdatasync); }

static int watched_truncate(int fd, off_t length) {
  pthread_mutex_lock(&lock);
  int what = is_watched(fd) ? verdict("truncate") : 0;
  int saved = errno;
  if (what == 0 && is_watched(fd)) {
    struct stat facts;
    if (fstat(fd, &facts) == 0 && facts.st_size > length) remember(fd, length, (size_t)(facts.st_size - length));
    else remember(fd, length, 0);
  }
  pthread_mutex_unlock(&lock);
  if (what != 0) {
    errno = what == 2 ? EIO : saved;
    return -1;
  }
  return (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate(int fd, off_t length) { return watched_truncate(fd, length); }
int ftruncate64(int fd, off_t length) { return watched_truncate(fd, length); }
