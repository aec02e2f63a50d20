-- Customers and what belongs to them.
--
-- Every kind of record has the same columns around its own: who owns it, its version, who made it, and the forms of its title that
-- are compared (title_key), sorted by (title_sort, which is pinyin) and searched (search_text).

CREATE TABLE customer (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    short_name TEXT COLLATE "C",
    category TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C",
    industry TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    telephone TEXT COLLATE "C",
    email TEXT COLLATE "C",
    province TEXT COLLATE "C",
    city TEXT COLLATE "C",
    address TEXT COLLATE "C",
    need TEXT COLLATE "C",
    ownership TEXT COLLATE "C",
    sales_mode TEXT COLLATE "C",
    annual_revenue BIGINT,
    annual_revenue_currency TEXT COLLATE "C",
    staff BIGINT,
    description TEXT COLLATE "C",
    credit_code TEXT COLLATE "C",
    legal_representative TEXT COLLATE "C",
    bank TEXT COLLATE "C",
    bank_account TEXT COLLATE "C",
    invoice_title TEXT COLLATE "C",
    taxpayer TEXT COLLATE "C",
    invoice_address TEXT COLLATE "C",
    invoice_phone TEXT COLLATE "C",
    note TEXT COLLATE "C",
    -- Marks are set by their own actions, with a reason, never by the form.
    related_party BOOLEAN NOT NULL,
    related_party_reason TEXT COLLATE "C",
    black_list_reason TEXT COLLATE "C",
    black_listed_by BIGINT,
    black_listed_at BIGINT,
    red_list_reason TEXT COLLATE "C",
    red_listed_by BIGINT,
    red_listed_at BIGINT,
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CONSTRAINT customer_code_key UNIQUE (code)
);

CREATE INDEX customer_owner ON customer (owner, id);
CREATE INDEX customer_department ON customer (department, id);
CREATE INDEX customer_title ON customer (title_sort, id);
CREATE INDEX customer_updated ON customer (updated_at, id);
CREATE INDEX customer_title_key ON customer (title_key);
CREATE INDEX customer_phone ON customer (phone);
CREATE INDEX customer_credit_code ON customer (credit_code);

CREATE TABLE contact (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    customer BIGINT NOT NULL REFERENCES customer (id),
    name TEXT COLLATE "C" NOT NULL,
    gender TEXT COLLATE "C",
    position TEXT COLLATE "C",
    unit TEXT COLLATE "C",
    mobile TEXT COLLATE "C",
    telephone TEXT COLLATE "C",
    email TEXT COLLATE "C",
    wechat TEXT COLLATE "C",
    qq TEXT COLLATE "C",
    address TEXT COLLATE "C",
    login TEXT COLLATE "C",
    birthday TEXT COLLATE "C",
    hobby TEXT COLLATE "C",
    note TEXT COLLATE "C",
    -- The one whom contracts name first.
    main BOOLEAN NOT NULL,
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX contact_customer ON contact (customer, id);
CREATE INDEX contact_owner ON contact (owner, id);
CREATE INDEX contact_department ON contact (department, id);
CREATE INDEX contact_title ON contact (title_sort, id);
CREATE INDEX contact_updated ON contact (updated_at, id);
CREATE INDEX contact_mobile ON contact (mobile);

CREATE TABLE opportunity (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    customer BIGINT NOT NULL REFERENCES customer (id),
    title TEXT COLLATE "C" NOT NULL,
    contact BIGINT REFERENCES contact (id),
    stage TEXT COLLATE "C" NOT NULL,
    amount BIGINT,
    amount_currency TEXT COLLATE "C",
    expected_on TEXT COLLATE "C",
    product TEXT COLLATE "C",
    source TEXT COLLATE "C",
    need TEXT COLLATE "C",
    competitor TEXT COLLATE "C",
    next_step TEXT COLLATE "C",
    note TEXT COLLATE "C",
    outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('open', 'won', 'lost')),
    close_reason TEXT COLLATE "C",
    closed_at BIGINT,
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CHECK ((outcome = 'open') = (closed_at IS NULL))
);

CREATE INDEX opportunity_customer ON opportunity (customer, id);
CREATE INDEX opportunity_owner ON opportunity (owner, id);
CREATE INDEX opportunity_department ON opportunity (department, id);
CREATE INDEX opportunity_title ON opportunity (title_sort, id);
CREATE INDEX opportunity_updated ON opportunity (updated_at, id);
CREATE INDEX opportunity_stage ON opportunity (stage, id);

CREATE TABLE follow_up (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    customer BIGINT NOT NULL REFERENCES customer (id),
    contact BIGINT REFERENCES contact (id),
    opportunity BIGINT REFERENCES opportunity (id),
    subject TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C",
    planned_at BIGINT NOT NULL,
    remind_minutes BIGINT,
    priority TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C",
    result TEXT COLLATE "C",
    next_step TEXT COLLATE "C",
    started_at BIGINT,
    done_at BIGINT,
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CHECK ((result IS NULL) = (done_at IS NULL))
);

CREATE INDEX follow_up_customer ON follow_up (customer, id);
CREATE INDEX follow_up_owner ON follow_up (owner, id);
CREATE INDEX follow_up_department ON follow_up (department, id);
CREATE INDEX follow_up_updated ON follow_up (updated_at, id);
CREATE INDEX follow_up_planned ON follow_up (planned_at, id);
CREATE INDEX follow_up_open ON follow_up (planned_at, id) WHERE done_at IS NULL;

-- The lists of choices as they ship; administrators edit them.
INSERT INTO dictionary_entry (dictionary, name, label_zh, label_en, position, percent, active, version) VALUES
    ('customer_category', 'class-1', '1类', 'Class 1', 1, NULL, TRUE, 1),
    ('customer_category', 'class-2', '2类', 'Class 2', 2, NULL, TRUE, 1),
    ('customer_category', 'class-3', '3类', 'Class 3', 3, NULL, TRUE, 1),
    ('customer_status', 'potential', '潜在客户', 'Potential', 1, NULL, TRUE, 1),
    ('customer_status', 'interested', '意向客户', 'Interested', 2, NULL, TRUE, 1),
    ('customer_status', 'closed_deal', '成交客户', 'Closed a deal', 3, NULL, TRUE, 1),
    ('customer_status', 'lost', '流失客户', 'Lost', 4, NULL, TRUE, 1),
    ('customer_level', 'a', 'A（高价值客户）', 'A (high value)', 1, NULL, TRUE, 1),
    ('customer_level', 'b', 'B（重点客户）', 'B (important)', 2, NULL, TRUE, 1),
    ('customer_level', 'c', 'C（一般客户）', 'C (ordinary)', 3, NULL, TRUE, 1),
    ('industry', 'information-services', '信息技术服务业', 'Information technology', 1, NULL, TRUE, 1),
    ('industry', 'manufacturing', '制造业', 'Manufacturing', 2, NULL, TRUE, 1),
    ('industry', 'retail', '零售业', 'Retail', 3, NULL, TRUE, 1),
    ('industry', 'services', '服务业', 'Services', 4, NULL, TRUE, 1),
    ('industry', 'construction', '建筑业', 'Construction', 5, NULL, TRUE, 1),
    ('industry', 'transport', '交通运输业', 'Transport', 6, NULL, TRUE, 1),
    ('industry', 'finance', '金融业', 'Finance', 7, NULL, TRUE, 1),
    ('industry', 'education', '教育', 'Education', 8, NULL, TRUE, 1),
    ('industry', 'health', '卫生医疗', 'Health', 9, NULL, TRUE, 1),
    ('industry', 'public', '政府与公共事业', 'Government and public services', 10, NULL, TRUE, 1),
    ('industry', 'other', '其他', 'Other', 11, NULL, TRUE, 1),
    ('source', 'website', '线上推广（官网）', 'Online (own website)', 1, NULL, TRUE, 1),
    ('source', 'online', '线上推广', 'Online', 2, NULL, TRUE, 1),
    ('source', 'exhibition', '展会推荐', 'Exhibition', 3, NULL, TRUE, 1),
    ('source', 'referral', '客户转介绍', 'Referred by a customer', 4, NULL, TRUE, 1),
    ('source', 'tender', '招投标', 'Tender', 5, NULL, TRUE, 1),
    ('source', 'other', '其他', 'Other', 6, NULL, TRUE, 1),
    ('ownership', 'state', '国有企业', 'State-owned', 1, NULL, TRUE, 1),
    ('ownership', 'private', '民营企业', 'Private', 2, NULL, TRUE, 1),
    ('ownership', 'foreign', '外资企业', 'Foreign-owned', 3, NULL, TRUE, 1),
    ('ownership', 'joint', '合资企业', 'Joint venture', 4, NULL, TRUE, 1),
    ('ownership', 'public', '政府与事业单位', 'Public body', 5, NULL, TRUE, 1),
    ('ownership', 'individual', '个人或个体户', 'Individual', 6, NULL, TRUE, 1),
    ('sales_mode', 'direct', '直销', 'Direct', 1, NULL, TRUE, 1),
    ('sales_mode', 'dealer', '经销', 'Through dealers', 2, NULL, TRUE, 1),
    ('sales_mode', 'agent', '代理', 'Through agents', 3, NULL, TRUE, 1),
    ('taxpayer', 'general', '一般纳税人', 'General VAT payer', 1, NULL, TRUE, 1),
    ('taxpayer', 'small', '小规模纳税人', 'Small-scale VAT payer', 2, NULL, TRUE, 1),
    ('gender', 'male', '男', 'Male', 1, NULL, TRUE, 1),
    ('gender', 'female', '女', 'Female', 2, NULL, TRUE, 1),
    ('opportunity_stage', 'first-contact', '初次接触', 'First contact', 1, 10, TRUE, 1),
    ('opportunity_stage', 'needs', '需求确认', 'Needs confirmed', 2, 30, TRUE, 1),
    ('opportunity_stage', 'proposal', '方案提供', 'Proposal made', 3, 50, TRUE, 1),
    ('opportunity_stage', 'negotiation', '商务谈判', 'Negotiation', 4, 80, TRUE, 1),
    ('opportunity_stage', 'won', '成交维护', 'Won, in care', 5, 100, TRUE, 1),
    ('channel', 'call', '电话', 'Call', 1, NULL, TRUE, 1),
    ('channel', 'visit', '拜访', 'Visit', 2, NULL, TRUE, 1),
    ('channel', 'mail', '邮件', 'E-mail', 3, NULL, TRUE, 1),
    ('channel', 'meeting', '会议', 'Meeting', 4, NULL, TRUE, 1),
    ('channel', 'talk', '会谈', 'Talk', 5, NULL, TRUE, 1),
    ('channel', 'sms', '短信', 'Text message', 6, NULL, TRUE, 1),
    ('channel', 'wechat', '微信', 'WeChat', 7, NULL, TRUE, 1),
    ('channel', 'social', '社交媒体', 'Social media', 8, NULL, TRUE, 1),
    ('channel', 'chat', '在线聊天', 'Online chat', 9, NULL, TRUE, 1),
    ('channel', 'on-site', '现场', 'On site', 10, NULL, TRUE, 1),
    ('priority', 'high', '高', 'High', 1, NULL, TRUE, 1),
    ('priority', 'normal', '中', 'Normal', 2, NULL, TRUE, 1),
    ('priority', 'low', '低', 'Low', 3, NULL, TRUE, 1);
