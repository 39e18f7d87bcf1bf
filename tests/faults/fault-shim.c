/*
 * A preloaded library that makes chosen file operations of a process fail, stop short, or end the process with what
 * was not synchronised lost, as a power cut would.
 *
 *   FAULT_MATCH   part of the path of the files it watches (required)
 *   FAULT_OP      read | write | sync | truncate | name | any: which operations count; `name` is a rename, an unlink
 *                 or a link; `any` is all that change something
 *   FAULT_KIND    eio | enospc | short | crash: what happens at the chosen operation
 *   FAULT_AT      which one, counted from 1; 0 only counts
 *   FAULT_STICKY  1: the operations after it fail too (a disk stays full)
 *   FAULT_LOSE    1: a crash takes back all writes since each file's last synchronisation, and all names that were
 *                 made, moved or removed since their folder's last one; 2: every second write, the others arrived
 *   FAULT_STASH   folder on the same file system, outside FAULT_MATCH, for what a crash must bring back
 *   FAULT_DEAF    1: synchronising reports success and makes nothing safe, as a disk that lies
 *   FAULT_AT_END  1: the power is cut when the process ends by itself
 *   FAULT_COUNT   file that receives the number of operations seen when the process ends by itself
 *
 * One descriptor of each changed file is kept open until the end: closing it would drop the locks that SQLite holds
 * on the file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { max_fd = 4096 };

/* A file that was written to. Writes go to the inode, whatever it is called by then. */
struct file {
  dev_t dev;
  ino_t ino;
  int fd;
  struct file *next;
};

enum what { bytes_written, name_made, name_removed, name_moved };

struct undo {
  enum what what;
  struct file *file;    /* bytes_written */
  off_t offset;
  size_t written;
  size_t length;        /* of `bytes`, what was there before */
  off_t old_size;
  unsigned char *bytes;
  char *path;           /* names */
  char *from;           /* name_moved */
  char *stash;          /* a link to what lay at `path`, or NULL */
  dev_t folder_dev;
  ino_t folder_ino;
  struct undo *next;
};

static char *watched[max_fd];
static struct file *files;
static struct undo *undo_list;
static long seen;
static long stashed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static int is_set(const char *name) { return strcmp(setting(name, "0"), "0") != 0; }

static int matches(const char *path) {
  const char *match = setting("FAULT_MATCH", NULL);
  return match && path && strstr(path, match) && !strstr(path, "-shm");
}

static int is_watched(int fd) { return fd >= 0 && fd < max_fd && watched[fd] != NULL; }

static void watch(int fd, const char *path) {
  if (fd < 0 || fd >= max_fd) return;
  free(watched[fd]);
  watched[fd] = matches(path) ? strdup(path) : NULL;
}

static struct undo *new_undo(enum what what) {
  struct undo *entry = calloc(1, sizeof *entry);
  entry->what = what;
  entry->next = undo_list;
  undo_list = entry;
  return entry;
}

static void free_undo(struct undo *entry) {
  if (entry->stash) syscall(SYS_unlinkat, AT_FDCWD, entry->stash, 0);
  free(entry->bytes);
  free(entry->path);
  free(entry->from);
  free(entry->stash);
  free(entry);
}

static struct file *file_of(int fd) {
  struct stat facts;
  if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return NULL;
  for (struct file *known = files; known; known = known->next)
    if (known->dev == facts.st_dev && known->ino == facts.st_ino) return known;
  char self[64];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  int own = (int)syscall(SYS_openat, AT_FDCWD, self, O_RDWR | O_CLOEXEC, 0);
  if (own < 0) return NULL;
  struct file *file = calloc(1, sizeof *file);
  *file = (struct file){facts.st_dev, facts.st_ino, own, files};
  files = file;
  return file;
}

static void remember_bytes(int fd, off_t offset, size_t written) {
  struct stat facts;
  struct file *file = is_set("FAULT_LOSE") ? file_of(fd) : NULL;
  if (!file || fstat(fd, &facts) != 0) return;
  struct undo *entry = new_undo(bytes_written);
  entry->file = file;
  entry->offset = offset;
  entry->written = written;
  entry->old_size = facts.st_size;
  size_t inside = offset >= facts.st_size ? 0 : (size_t)(facts.st_size - offset);
  entry->bytes = malloc((inside < written ? inside : written) + 1);
  ssize_t got = (ssize_t)syscall(SYS_pread64, file->fd, entry->bytes, inside < written ? inside : written, offset);
  entry->length = got < 0 ? 0 : (size_t)got;
}

static char *stash_link(const char *path) {
  const char *folder = setting("FAULT_STASH", NULL);
  struct stat facts;
  if (!folder || lstat(path, &facts) != 0) return NULL;
  char name[PATH_MAX];
  snprintf(name, sizeof name, "%s/%d-%ld", folder, (int)getpid(), ++stashed);
  return syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, name, 0) == 0 ? strdup(name) : NULL;
}

/* `stash` was taken before the operation; this runs after it succeeded. */
static void remember_name(enum what what, const char *path, const char *from, char *stash) {
  struct stat facts;
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", path);
  char *end = strrchr(folder, '/');
  if (!is_set("FAULT_LOSE") || !end) return;
  *end = 0;
  if (stat(folder, &facts) != 0) return;
  struct undo *entry = new_undo(what);
  entry->path = strdup(path);
  entry->from = from ? strdup(from) : NULL;
  entry->stash = stash;
  entry->folder_dev = facts.st_dev;
  entry->folder_ino = facts.st_ino;
}

/* What a synchronisation of this file or folder made safe. */
static void forget(int fd) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return;
  struct undo **link = &undo_list;
  while (*link) {
    struct undo *entry = *link;
    int safe = entry->what == bytes_written
                   ? entry->file->dev == facts.st_dev && entry->file->ino == facts.st_ino
                   : entry->folder_dev == facts.st_dev && entry->folder_ino == facts.st_ino;
    if (safe) {
      *link = entry->next;
      free_undo(entry);
    } else {
      link = &entry->next;
    }
  }
}

static void take_back_bytes(struct undo *entry, int whole) {
  int fd = entry->file->fd;
  if (entry->length) syscall(SYS_pwrite64, fd, entry->bytes, entry->length, entry->offset);
  if (whole) {
    syscall(SYS_ftruncate, fd, entry->old_size);
    return;
  }
  /* The file has grown, but these bytes never arrived. */
  size_t missing = entry->written - entry->length;
  unsigned char *zeros = calloc(1, missing + 1);
  if (missing) syscall(SYS_pwrite64, fd, zeros, missing, entry->offset + (off_t)entry->length);
  free(zeros);
}

static void take_back_name(struct undo *entry) {
  if (entry->what == name_made) syscall(SYS_unlinkat, AT_FDCWD, entry->path, 0);
  if (entry->what == name_moved) syscall(SYS_renameat2, AT_FDCWD, entry->path, AT_FDCWD, entry->from, 0);
  if (entry->stash) syscall(SYS_linkat, AT_FDCWD, entry->stash, AT_FDCWD, entry->path, 0);
}

/* The list is newest first, so taking back in its order restores the last synchronised state. */
static void crash(void) {
  int some = strcmp(setting("FAULT_LOSE", "0"), "2") == 0;
  long index = 0;
  for (struct undo *entry = undo_list; entry; entry = entry->next) {
    if (entry->what != bytes_written) take_back_name(entry);
    else if (!some) take_back_bytes(entry, 1);
    else if (index++ % 2 == 0) take_back_bytes(entry, 0);
  }
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/* 0: go on. 1: fail with errno set. 2: write only a part. */
static int verdict(const char *operation) {
  const char *chosen = setting("FAULT_OP", "write");
  int counts = strcmp(chosen, operation) == 0 || (strcmp(chosen, "any") == 0 && strcmp(operation, "read") != 0);
  if (!counts) return 0;
  long at = atol(setting("FAULT_AT", "0"));
  seen++;
  if (at == 0 || seen < at) return 0;
  if (seen > at && !is_set("FAULT_STICKY")) return 0;
  const char *kind = setting("FAULT_KIND", "eio");
  if (strcmp(kind, "crash") == 0) crash();
  if (strcmp(kind, "short") == 0) return 2;
  errno = strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
  return 1;
}

__attribute__((destructor)) static void finish(void) {
  const char *path = setting("FAULT_COUNT", NULL);
  FILE *out = path ? fopen(path, "w") : NULL;
  if (out) {
    fprintf(out, "%ld\n", seen);
    fclose(out);
  }
  if (is_set("FAULT_AT_END")) crash();
}

#define ORIGINAL(type, name, ...)                         \
  static type (*original)(__VA_ARGS__);                   \
  if (!original) original = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int opened(int fd, const char *path, int was_there) {
  pthread_mutex_lock(&lock);
  int saved = errno;
  watch(fd, path);
  if (is_watched(fd) && !was_there) remember_name(name_made, path, NULL, NULL);
  errno = saved;
  pthread_mutex_unlock(&lock);
  return fd;
}

static int is_there(const char *path, int flags) {
  return !(flags & O_CREAT) || faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

#define MODE_OF(flags)                                           \
  mode_t mode = 0;                                               \
  if ((flags) & (O_CREAT | O_TMPFILE)) {                         \
    va_list list;                                                \
    va_start(list, flags);                                       \
    mode = (mode_t)va_arg(list, int);                            \
    va_end(list);                                                \
  }

#define OPEN_BODY(name)                                          \
  ORIGINAL(int, name, const char *, int, mode_t);                \
  MODE_OF(flags)                                                 \
  int there = is_there(path, flags);                             \
  return opened(original(path, flags, mode), path, there)

int open(const char *path, int flags, ...) { OPEN_BODY("open"); }
int open64(const char *path, int flags, ...) { OPEN_BODY("open64"); }

#define OPENAT_BODY(name)                                        \
  ORIGINAL(int, name, int, const char *, int, mode_t);           \
  MODE_OF(flags)                                                 \
  int there = is_there(path, flags);                             \
  return opened(original(folder, path, flags, mode), path, there)

int openat(int folder, const char *path, int flags, ...) { OPENAT_BODY("openat"); }
int openat64(int folder, const char *path, int flags, ...) { OPENAT_BODY("openat64"); }

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

static ssize_t watched_read(int fd, void *bytes, size_t length, off_t offset) {
  pthread_mutex_lock(&lock);
  int what = is_watched(fd) ? verdict("read") : 0;
  int saved = errno;
  pthread_mutex_unlock(&lock);
  if (what == 1) {
    errno = saved;
    return -1;
  }
  return (ssize_t)syscall(SYS_pread64, fd, bytes, length, offset);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t offset) { return watched_read(fd, bytes, length, offset); }
ssize_t pread64(int fd, void *bytes, size_t length, off_t offset) { return watched_read(fd, bytes, length, offset); }

static ssize_t watched_write(int fd, const void *bytes, size_t length, off_t offset) {
  pthread_mutex_lock(&lock);
  int what = verdict("write");
  int saved = errno;
  if (what != 1) remember_bytes(fd, offset, length);
  pthread_mutex_unlock(&lock);
  if (what == 1) {
    errno = saved;
    return -1;
  }
  return (ssize_t)syscall(SYS_pwrite64, fd, bytes, what == 2 && length > 1 ? length / 2 : length, offset);
}

static ssize_t positioned_write(int fd, const void *bytes, size_t length, off_t offset) {
  if (is_watched(fd)) return watched_write(fd, bytes, length, offset);
  return (ssize_t)syscall(SYS_pwrite64, fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return positioned_write(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return positioned_write(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  ORIGINAL(ssize_t, "write", int, const void *, size_t);
  if (!is_watched(fd)) return original(fd, bytes, length);
  int flags = fcntl(fd, F_GETFL);
  off_t offset = lseek(fd, 0, flags >= 0 && (flags & O_APPEND) ? SEEK_END : SEEK_CUR);
  if (offset < 0) return original(fd, bytes, length);
  ssize_t written = watched_write(fd, bytes, length, offset);
  if (written > 0) lseek(fd, offset + written, SEEK_SET);
  return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  ORIGINAL(ssize_t, "writev", int, const struct iovec *, int);
  if (!is_watched(fd)) return original(fd, parts, count);
  ssize_t total = 0;
  for (int part = 0; part < count; part++) {
    ssize_t written = write(fd, parts[part].iov_base, parts[part].iov_len);
    if (written < 0) return total > 0 ? total : -1;
    total += written;
    if ((size_t)written < parts[part].iov_len) break;
  }
  return total;
}

static int failed(int what, int saved) {
  errno = what == 2 ? EIO : saved;
  return -1;
}

static int watched_sync(int fd, long number) {
  pthread_mutex_lock(&lock);
  int what = is_watched(fd) ? verdict("sync") : 0;
  int saved = errno;
  pthread_mutex_unlock(&lock);
  if (what != 0) return failed(what, saved);
  int result = (int)syscall(number, fd);
  pthread_mutex_lock(&lock);
  if (result == 0 && is_watched(fd) && !is_set("FAULT_DEAF")) forget(fd);
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
    if (fstat(fd, &facts) == 0 && facts.st_size > length) remember_bytes(fd, length, (size_t)(facts.st_size - length));
    else remember_bytes(fd, length, 0);
  }
  pthread_mutex_unlock(&lock);
  if (what != 0) return failed(what, saved);
  return (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate(int fd, off_t length) { return watched_truncate(fd, length); }
int ftruncate64(int fd, off_t length) { return watched_truncate(fd, length); }

/* One change of a name: `work` does it. */
#define NAME_BODY(path, what, from, keeps, work)                          \
  if (!matches(path)) return (int)(work);                                 \
  pthread_mutex_lock(&lock);                                              \
  int decided = verdict("name");                                          \
  int saved = errno;                                                      \
  if (decided != 0) {                                                     \
    pthread_mutex_unlock(&lock);                                          \
    return failed(decided, saved);                                        \
  }                                                                       \
  char *stash = (keeps) && is_set("FAULT_LOSE") ? stash_link(path) : NULL; \
  int result = (int)(work);                                               \
  saved = errno;                                                          \
  if (result == 0) remember_name(what, path, from, stash);                \
  pthread_mutex_unlock(&lock);                                            \
  errno = saved;                                                          \
  return result

int rename(const char *from, const char *path) {
  NAME_BODY(path, name_moved, from, 1, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, path, 0));
}

int unlink(const char *path) {
  NAME_BODY(path, name_removed, NULL, 1, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int link(const char *from, const char *path) {
  NAME_BODY(path, name_made, NULL, 0, syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, path, 0));
}
