-- Customers and what belongs to them.
--
-- Every kind of record has the same columns around its own: who owns it, its version, who made it, and the forms of its title that
-- are compared (title_key), sorted by (title_sort, which is pinyin) and searched (search_text).

CREATE TABLE customer (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    level TEXT,
    industry TEXT NOT NULL,
    source TEXT NOT NULL,
    phone TEXT NOT NULL,
    telephone TEXT,
    email TEXT,
    province TEXT,
    city TEXT,
    address TEXT,
    need TEXT,
    ownership TEXT,
    sales_mode TEXT,
    annual_revenue INTEGER,
    annual_revenue_currency TEXT,
    staff INTEGER,
    description TEXT,
    credit_code TEXT,
    legal_representative TEXT,
    bank TEXT,
    bank_account TEXT,
    invoice_title TEXT,
    taxpayer TEXT,
    invoice_address TEXT,
    invoice_phone TEXT,
    note TEXT,
    -- Marks are set by their own actions, with a reason, never by the form.
    related_party INTEGER NOT NULL,
    related_party_reason TEXT,
    black_list_reason TEXT,
    black_listed_by INTEGER,
    black_listed_at INTEGER,
    red_list_reason TEXT,
    red_listed_by INTEGER,
    red_listed_at INTEGER,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT customer_code_key UNIQUE (code)
) STRICT;

CREATE INDEX customer_owner ON customer (owner, id);
CREATE INDEX customer_department ON customer (department, id);
CREATE INDEX customer_title ON customer (title_sort, id);
CREATE INDEX customer_updated ON customer (updated_at, id);
CREATE INDEX customer_title_key ON customer (title_key);
CREATE INDEX customer_phone ON customer (phone);
CREATE INDEX customer_credit_code ON customer (credit_code);

CREATE TABLE contact (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer INTEGER NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    gender TEXT,
    position TEXT,
    unit TEXT,
    mobile TEXT,
    telephone TEXT,
    email TEXT,
    wechat TEXT,
    qq TEXT,
    address TEXT,
    login TEXT,
    birthday TEXT,
    hobby TEXT,
    note TEXT,
    -- The one whom contracts name first.
    main INTEGER NOT NULL,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX contact_customer ON contact (customer, id);
CREATE INDEX contact_owner ON contact (owner, id);
CREATE INDEX contact_department ON contact (department, id);
CREATE INDEX contact_title ON contact (title_sort, id);
CREATE INDEX contact_updated ON contact (updated_at, id);
CREATE INDEX contact_mobile ON contact (mobile);

CREATE TABLE opportunity (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer INTEGER NOT NULL REFERENCES customer (id),
    title TEXT NOT NULL,
    contact INTEGER REFERENCES contact (id),
    stage TEXT NOT NULL,
    amount INTEGER,
    amount_currency TEXT,
    expected_on TEXT,
    product TEXT,
    source TEXT,
    need TEXT,
    competitor TEXT,
    next_step TEXT,
    note TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'won', 'lost')),
    close_reason TEXT,
    closed_at INTEGER,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CHECK ((outcome = 'open') = (closed_at IS NULL))
) STRICT;

CREATE INDEX opportunity_customer ON opportunity (customer, id);
CREATE INDEX opportunity_owner ON opportunity (owner, id);
CREATE INDEX opportunity_department ON opportunity (department, id);
CREATE INDEX opportunity_title ON opportunity (title_sort, id);
CREATE INDEX opportunity_updated ON opportunity (updated_at, id);
CREATE INDEX opportunity_stage ON opportunity (stage, id);

CREATE TABLE follow_up (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer INTEGER NOT NULL REFERENCES customer (id),
    contact INTEGER REFERENCES contact (id),
    opportunity INTEGER REFERENCES opportunity (id),
    subject TEXT NOT NULL,
    channel TEXT NOT NULL,
    content TEXT,
    planned_at INTEGER NOT NULL,
    remind_minutes INTEGER,
    priority TEXT NOT NULL,
    place TEXT,
    result TEXT,
    next_step TEXT,
    started_at INTEGER,
    done_at INTEGER,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CHECK ((result IS NULL) = (done_at IS NULL))
) STRICT;

CREATE INDEX follow_up_customer ON follow_up (customer, id);
CREATE INDEX follow_up_owner ON follow_up (owner, id);
CREATE INDEX follow_up_department ON follow_up (department, id);
CREATE INDEX follow_up_updated ON follow_up (updated_at, id);
CREATE INDEX follow_up_planned ON follow_up (planned_at, id);
CREATE INDEX follow_up_open ON follow_up (planned_at, id) WHERE done_at IS NULL;

-- The lists of choices as they ship; administrators edit them.
INSERT INTO dictionary_entry (dictionary, name, label_zh, label_en, position, percent, active, version) VALUES
    ('customer_category', 'class-1', '1类', 'Class 1', 1, NULL, 1, 1),
    ('customer_category', 'class-2', '2类', 'Class 2', 2, NULL, 1, 1),
    ('customer_category', 'class-3', '3类', 'Class 3', 3, NULL, 1, 1),
    ('customer_status', 'potential', '潜在客户', 'Potential', 1, NULL, 1, 1),
    ('customer_status', 'interested', '意向客户', 'Interested', 2, NULL, 1, 1),
    ('customer_status', 'closed_deal', '成交客户', 'Closed a deal', 3, NULL, 1, 1),
    ('customer_status', 'lost', '流失客户', 'Lost', 4, NULL, 1, 1),
    ('customer_level', 'a', 'A（高价值客户）', 'A (high value)', 1, NULL, 1, 1),
    ('customer_level', 'b', 'B（重点客户）', 'B (important)', 2, NULL, 1, 1),
    ('customer_level', 'c', 'C（一般客户）', 'C (ordinary)', 3, NULL, 1, 1),
    ('industry', 'information-services', '信息技术服务业', 'Information technology', 1, NULL, 1, 1),
    ('industry', 'manufacturing', '制造业', 'Manufacturing', 2, NULL, 1, 1),
    ('industry', 'retail', '零售业', 'Retail', 3, NULL, 1, 1),
    ('industry', 'services', '服务业', 'Services', 4, NULL, 1, 1),
    ('industry', 'construction', '建筑业', 'Construction', 5, NULL, 1, 1),
    ('industry', 'transport', '交通运输业', 'Transport', 6, NULL, 1, 1),
    ('industry', 'finance', '金融业', 'Finance', 7, NULL, 1, 1),
    ('industry', 'education', '教育', 'Education', 8, NULL, 1, 1),
    ('industry', 'health', '卫生医疗', 'Health', 9, NULL, 1, 1),
    ('industry', 'public', '政府与公共事业', 'Government and public services', 10, NULL, 1, 1),
    ('industry', 'other', '其他', 'Other', 11, NULL, 1, 1),
    ('source', 'website', '线上推广（官网）', 'Online (own website)', 1, NULL, 1, 1),
    ('source', 'online', '线上推广', 'Online', 2, NULL, 1, 1),
    ('source', 'exhibition', '展会推荐', 'Exhibition', 3, NULL, 1, 1),
    ('source', 'referral', '客户转介绍', 'Referred by a customer', 4, NULL, 1, 1),
    ('source', 'tender', '招投标', 'Tender', 5, NULL, 1, 1),
    ('source', 'other', '其他', 'Other', 6, NULL, 1, 1),
    ('ownership', 'state', '国有企业', 'State-owned', 1, NULL, 1, 1),
    ('ownership', 'private', '民营企业', 'Private', 2, NULL, 1, 1),
    ('ownership', 'foreign', '外资企业', 'Foreign-owned', 3, NULL, 1, 1),
    ('ownership', 'joint', '合资企业', 'Joint venture', 4, NULL, 1, 1),
    ('ownership', 'public', '政府与事业单位', 'Public body', 5, NULL, 1, 1),
    ('ownership', 'individual', '个人或个体户', 'Individual', 6, NULL, 1, 1),
    ('sales_mode', 'direct', '直销', 'Direct', 1, NULL, 1, 1),
    ('sales_mode', 'dealer', '经销', 'Through dealers', 2, NULL, 1, 1),
    ('sales_mode', 'agent', '代理', 'Through agents', 3, NULL, 1, 1),
    ('taxpayer', 'general', '一般纳税人', 'General VAT payer', 1, NULL, 1, 1),
    ('taxpayer', 'small', '小规模纳税人', 'Small-scale VAT payer', 2, NULL, 1, 1),
    ('gender', 'male', '男', 'Male', 1, NULL, 1, 1),
    ('gender', 'female', '女', 'Female', 2, NULL, 1, 1),
    ('opportunity_stage', 'first-contact', '初次接触', 'First contact', 1, 10, 1, 1),
    ('opportunity_stage', 'needs', '需求确认', 'Needs confirmed', 2, 30, 1, 1),
    ('opportunity_stage', 'proposal', '方案提供', 'Proposal made', 3, 50, 1, 1),
    ('opportunity_stage', 'negotiation', '商务谈判', 'Negotiation', 4, 80, 1, 1),
    ('opportunity_stage', 'won', '成交维护', 'Won, in care', 5, 100, 1, 1),
    ('channel', 'call', '电话', 'Call', 1, NULL, 1, 1),
    ('channel', 'visit', '拜访', 'Visit', 2, NULL, 1, 1),
    ('channel', 'mail', '邮件', 'E-mail', 3, NULL, 1, 1),
    ('channel', 'meeting', '会议', 'Meeting', 4, NULL, 1, 1),
    ('channel', 'talk', '会谈', 'Talk', 5, NULL, 1, 1),
    ('channel', 'sms', '短信', 'Text message', 6, NULL, 1, 1),
    ('channel', 'wechat', '微信', 'WeChat', 7, NULL, 1, 1),
    ('channel', 'social', '社交媒体', 'Social media', 8, NULL, 1, 1),
    ('channel', 'chat', '在线聊天', 'Online chat', 9, NULL, 1, 1),
    ('channel', 'on-site', '现场', 'On site', 10, NULL, 1, 1),
    ('priority', 'high', '高', 'High', 1, NULL, 1, 1),
    ('priority', 'normal', '中', 'Normal', 2, NULL, 1, 1),
    ('priority', 'low', '低', 'Low', 3, NULL, 1, 1);
