-- Requests for wrk: each a random one of a file of whole requests, and each answer looked at.
-- Arguments: the file, the status that is right, the X-Auth-Token-Kind that is right (- for none), a seed.

local all = {}

function setup(thread)
    thread:set("number", #all)
    table.insert(all, thread)
end

function init(args)
    requests, right, kind, wrong = {}, tonumber(args[2]), args[3], 0
    math.randomseed(tonumber(args[4]) * 64 + number)
    local file = assert(io.open(args[1], "rb"))
    for one in file:read("*a"):gmatch(".-\r\n\r\n") do
        table.insert(requests, one)
    end
    file:close()
end

function request()
    return requests[math.random(#requests)]
end

function response(status, headers, body)
    if status ~= right or (headers["X-Auth-Token-Kind"] or "-") ~= kind then
        wrong = wrong + 1
    end
end

function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.timeout
    for _, thread in ipairs(all) do
        failed = failed + thread:get("wrong")
    end
    local form = "BENCH %d %d %d %d %d\n"
    local middle, high = latency:percentile(50), latency:percentile(99)
    io.write(string.format(form, summary.requests, summary.duration, middle, high, failed))
end
