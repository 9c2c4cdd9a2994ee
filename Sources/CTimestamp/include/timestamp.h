#ifndef HOOPX_TIMESTAMP_H
#define HOOPX_TIMESTAMP_H

#endif
